#compdef ivs
# @NOTICE@

# A value: one of those given, or file://name. Nothing follows file:// but the name.
_ivs_value() {
  if compset -P 'file(b|)://'; then
    _files
  elif (( $# )); then
    compadd -S '' -- ${(M)@:#*://}
    compadd -- ${@:#*://}
  else
    _message -e values 'value, or file://name'
  fi
}

# Sets `own` to the options of an operation or command; false if there is none of that name.
_ivs_options() {
  case $1 in
@OPTIONS@
    *)
      return 1
      ;;
  esac
}

_ivs_operations() {
  local -a operations
  operations=(
@OPERATIONS@
  )
  _describe -t operations 'operation' operations
}

_ivs_commands() {
  local -a commands
  commands=(
@COMMANDS@
  )
  _describe -t commands 'command' commands
}

# The first word: a command, an operation, or a script.
_ivs_first() {
  _ivs_commands
  _ivs_operations
  _files -g '*.lua(-.)'
}

_ivs() {
  local curcontext=$curcontext state line
  local -a general common own
  local -A opt_args
  general=(
@GENERAL@
  )
  common=(
@COMMON@
  )
  _arguments -C $general \
@FIRST@
    '1: :_ivs_first' \
    '*:: :->rest' && return
  [[ $state == rest ]] || return 1
  case $words[1] in
    ivs)
      _ivs
      ;;
    run)
      _ivs_options run
      _arguments $general $own '1:script:_files -g "*.lua(-.)"' '*::argument:_files'
      ;;
    help)
      _arguments '1: :{ _ivs_operations; _ivs_commands }'
      ;;
    @VERBS@)
      if (( ${words[(i)--]} < CURRENT )); then
        _files
      else
        _ivs_options $words[1]
        (( CURRENT == 2 )) && own+=('1: :(help)') || own+=('1:channel: ')
        _arguments $general $own
      fi
      ;;
    *)
      if _ivs_options $words[1]; then
        # More words are those of an option that takes many.
        (( CURRENT == 2 )) && own+=('1: :(help)') || own+=('*: : _ivs_value')
        _arguments $general $common $own
      else
        _files
      fi
      ;;
  esac
}

_ivs "$@"
