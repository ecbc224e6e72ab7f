# bash completion for ivs. Put it into a folder where bash looks, or source it.
# @NOTICE@

_ivs_operations=@OPERATIONS@
_ivs_commands=@COMMANDS@
_ivs_verbs=@VERBS@
_ivs_own=@OWN@
_ivs_general=@GENERAL@
_ivs_common=@COMMON@
_ivs_flags=@FLAGS@

# The options of an operation or command.
_ivs_options() {
  case $1 in
@OPTIONS@
  esac
}

# The values that an option can have.
_ivs_values() {
  case $1 in
@VALUES@
  esac
}

_ivs_has() { # LIST WORD
  [[ " ${1//$'\n'/ } " == *" $2 "* ]]
}

# The words behind the program's name, up to the cursor. bash has split them at : and =, and they are joined again, so that
# an ARN and --option=value are one word each.
_ivs_words() {
  local i glue=
  words=()
  for ((i = 1; i <= COMP_CWORD; i++)); do
    if ((${#words[@]})) && [[ $glue || ${COMP_WORDS[i]} == [:=]* ]]; then
      words[-1]+=${COMP_WORDS[i]}
    else
      words+=("${COMP_WORDS[i]}")
    fi
    [[ ${COMP_WORDS[i]} == *[:=] ]] && glue=yes || glue=
  done
}

_ivs_takes_value() {
  [[ $1 == -?* && $1 != *=* ]] && ! _ivs_has "$_ivs_flags $_ivs_commands" "$1"
}

# Sets `at` to the place of the first word, from there on, that is neither one of these options nor the value of one.
# The word at the cursor does not count.
_ivs_find_word() { # FROM OPTIONS
  for ((at = $1; at < ${#words[@]} - 1; at++)); do
    if _ivs_takes_value "${words[at]}"; then
      ((++at))
    elif [[ ${words[at]} != --*=* ]] && ! _ivs_has "$2" "${words[at]}"; then
      return
    fi
  done
}

# Sets `command` to the first word that is no option of every operation, and `at` to its place. A first word `ivs` does not count.
_ivs_find_command() {
  command=
  _ivs_find_word 0 "$_ivs_general"
  [[ $at:${words[at]-} != 0:ivs ]] || _ivs_find_word 1 "$_ivs_general"
  ((at >= ${#words[@]} - 1)) || command=${words[at]}
}

_ivs_reply() { # WORDS: those that begin with $current
  local word
  while read -r word; do COMPREPLY+=("$before$word"); done < <(compgen -W "$1" -- "$current")
}

_ivs_reply_files() { # PATTERN of names; folders always
  local name
  while read -r name; do
    # shellcheck disable=SC2053 # a pattern
    [[ -d $name || $name == $1 ]] && COMPREPLY+=("$before$name")
  done < <(compgen -f -- "$current")
  compopt -o filenames 2>/dev/null || true # not of a function that is called by hand
}

# Scripts, and if there are none, any file.
_ivs_reply_scripts() {
  _ivs_reply_files '*.lua'
  ((${#COMPREPLY[@]})) || _ivs_reply_files '*'
}

# A value that is in a file is given as file://name.
_ivs_reply_file_url() {
  before+=${current%%://*}://
  current=${current#*://}
  _ivs_reply_files '*'
  ((${#COMPREPLY[@]} == 1)) && [[ -d ${COMPREPLY[0]#"$before"} ]] && COMPREPLY[0]+=/
  compopt -o nospace 2>/dev/null || true
}

_ivs_reply_value() { # OPTION
  case $current in
    file://* | fileb://*)
      _ivs_reply_file_url
      return
      ;;
  esac
  case $1 in
    @FILES@) _ivs_reply_files '*' ;;
    *)
      _ivs_reply "$(_ivs_values "$1")"
      [[ ${COMPREPLY[*]} != *:// ]] || compopt -o nospace 2>/dev/null || true
      ;;
  esac
}

_ivs_reply_first() {
  case $current in
    -*) _ivs_reply "$_ivs_general $_ivs_commands" ;;
    */*) _ivs_reply_scripts ;;
    *) _ivs_reply "$_ivs_operations $_ivs_verbs" ;;
  esac
}

# The value of an option, if one is due here; else false.
_ivs_reply_due_value() {
  local last=
  ((${#words[@]} > 1)) && last=${words[-2]}
  if [[ $current == --*=* ]]; then
    before=${current%%=*}=
    current=${current#*=}
    _ivs_reply_value "${before%=}"
  elif _ivs_takes_value "$last" && [[ $current != --* ]]; then
    _ivs_reply_value "$last"
  else
    return 1
  fi
}

_ivs_reply_operation() {
  _ivs_reply_due_value && return
  _ivs_reply "$(_ivs_options "$command") $_ivs_general $_ivs_common"
  ((is_next)) && _ivs_reply help
}

# A channel is not completed: nothing asks the service. What is behind -- are the words of another program.
_ivs_reply_verb() {
  _ivs_has "${words[*]:0:${#words[@]}-1}" -- && { _ivs_reply_files '*'; return; }
  _ivs_reply_due_value && return
  _ivs_reply "$(_ivs_options "$command") $_ivs_general"
  ((is_next)) && _ivs_reply help
}

# Options are in front of the script; what is behind it is its own.
_ivs_reply_run() {
  _ivs_find_word $((at + 1)) "$(_ivs_options run) $_ivs_general"
  if ((at < ${#words[@]} - 1)); then
    _ivs_reply_files '*'
  elif ! _ivs_reply_due_value; then
    case $current in
      -*) _ivs_reply "$(_ivs_options run) $_ivs_general" ;;
      *) _ivs_reply_scripts ;;
    esac
  fi
}

# What bash has left of a word that it split is replaced, not the whole.
_ivs_trim() {
  local breaks=${COMP_WORDBREAKS//[^:=]/} kept whole=${words[-1]} i
  [[ $breaks ]] || return 0
  kept=${whole%"${whole##*["$breaks"]}"}
  for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]#"$kept"}; done
}

_ivs() {
  local words command at current before=
  COMPREPLY=()
  _ivs_words
  _ivs_find_command
  current=${words[-1]}
  local is_next=$((at + 2 == ${#words[@]})) # right behind the command
  case $command in
    '') _ivs_reply_due_value || _ivs_reply_first ;;
    help) ((is_next)) && _ivs_reply "$_ivs_operations $_ivs_commands" ;;
    run) _ivs_reply_run ;;
    -e) ((is_next)) || _ivs_reply_files '*' ;;
    --version) ;;
    *)
      if _ivs_has "$_ivs_operations" "$command"; then
        _ivs_reply_operation
      elif _ivs_has "$_ivs_own" "$command"; then
        _ivs_reply_verb
      else
        _ivs_reply_files '*'
      fi
      ;;
  esac
  _ivs_trim
}

complete -F _ivs ivs
