# bash completion for ivs. Put it into a folder where bash looks, or source it.
# Generated from core/model/ by scripts/generate.py: change that and run this, never edit here.

_ivs_operations='batch-get-channel batch-get-stream-key batch-start-viewer-session-revocation create-ad-configuration
  create-channel create-playback-restriction-policy create-recording-configuration create-stream-key
  delete-ad-configuration delete-channel delete-playback-key-pair delete-playback-restriction-policy
  delete-recording-configuration delete-stream-key get-ad-configuration get-channel get-playback-key-pair
  get-playback-restriction-policy get-recording-configuration get-stream get-stream-key get-stream-session
  import-playback-key-pair insert-ad-break list-ad-configurations list-channels list-playback-key-pairs
  list-playback-restriction-policies list-recording-configurations list-stream-keys list-stream-sessions
  list-streams list-tags-for-resource put-metadata start-viewer-session-revocation stop-stream tag-resource
  untag-resource update-ad-configuration update-channel update-playback-restriction-policy'
_ivs_commands='run -e repl go-live watch kick metadata ingest-url token create-playback-key-pair help --version'
_ivs_verbs='run repl go-live watch kick metadata ingest-url token create-playback-key-pair help'
_ivs_own='go-live watch kick metadata ingest-url token create-playback-key-pair'
_ivs_general='--region --profile --output --query --no-paginate --endpoint-url --ca-bundle --no-verify-ssl --no-sign-request
  --cli-connect-timeout --cli-read-timeout --color --debug'
_ivs_common='--cli-input-json --cli-input-yaml --generate-cli-skeleton'
_ivs_flags='--ads-opt-out --authorized --cues --debug --enable-strict-origin-enforcement --force --insecure-ingest
  --newest --no-authorized --no-enable-strict-origin-enforcement --no-insecure-ingest --no-paginate
  --no-sign-request --no-verify-ssl --restart --rotate-key --sandbox --service-time --split --strict-origin
  --takeover --temporary --test-pattern --together --url'

# The options of an operation or command.
_ivs_options() {
  case $1 in
    batch-get-channel | batch-get-stream-key)
      echo '--arns' ;;
    batch-start-viewer-session-revocation)
      echo '--viewer-sessions' ;;
    create-ad-configuration)
      echo '--name --media-tailor-playback-configurations --post-roll-configuration --tags' ;;
    create-channel)
      echo '--name --latency-mode --type --authorized --no-authorized --recording-configuration-arn --tags
        --insecure-ingest --no-insecure-ingest --preset --playback-restriction-policy-arn
        --multitrack-input-configuration --container-format --ad-configuration-arn' ;;
    create-playback-restriction-policy)
      echo '--allowed-countries --allowed-origins --enable-strict-origin-enforcement
        --no-enable-strict-origin-enforcement --name --tags' ;;
    create-recording-configuration)
      echo '--name --destination-configuration --tags --thumbnail-configuration
        --recording-reconnect-window-seconds --rendition-configuration' ;;
    create-stream-key)
      echo '--channel-arn --tags' ;;
    delete-ad-configuration | delete-playback-key-pair | delete-playback-restriction-policy | \
      delete-recording-configuration | delete-stream-key | get-ad-configuration | get-channel | \
      get-playback-key-pair | get-playback-restriction-policy | get-recording-configuration | get-stream-key)
      echo '--arn' ;;
    delete-channel)
      echo '--arn --force' ;;
    get-stream | stop-stream)
      echo '--channel-arn' ;;
    get-stream-session)
      echo '--channel-arn --stream-id' ;;
    import-playback-key-pair)
      echo '--public-key-material --name --tags' ;;
    insert-ad-break)
      echo '--channel-arn --duration-seconds' ;;
    list-ad-configurations | list-playback-key-pairs | list-recording-configurations)
      echo '--next-token --max-results --max-items --starting-token --page-size' ;;
    list-channels)
      echo '--filter-by-name --filter-by-recording-configuration-arn
        --filter-by-playback-restriction-policy-arn --filter-by-ad-configuration-arn --next-token
        --max-results --max-items --starting-token --page-size' ;;
    list-playback-restriction-policies)
      echo '--next-token --max-results' ;;
    list-stream-keys)
      echo '--channel-arn --next-token --max-results --max-items --starting-token --page-size' ;;
    list-stream-sessions)
      echo '--channel-arn --next-token --max-results' ;;
    list-streams)
      echo '--filter-by --next-token --max-results --max-items --starting-token --page-size' ;;
    list-tags-for-resource)
      echo '--resource-arn' ;;
    put-metadata)
      echo '--channel-arn --metadata' ;;
    start-viewer-session-revocation)
      echo '--channel-arn --viewer-id --viewer-session-versions-less-than-or-equal-to' ;;
    tag-resource)
      echo '--resource-arn --tags' ;;
    untag-resource)
      echo '--resource-arn --tag-keys' ;;
    update-ad-configuration)
      echo '--arn --name --media-tailor-playback-configurations --post-roll-configuration' ;;
    update-channel)
      echo '--arn --name --latency-mode --type --authorized --no-authorized --recording-configuration-arn
        --insecure-ingest --no-insecure-ingest --preset --playback-restriction-policy-arn
        --multitrack-input-configuration --container-format --ad-configuration-arn' ;;
    update-playback-restriction-policy)
      echo '--arn --allowed-countries --allowed-origins --enable-strict-origin-enforcement
        --no-enable-strict-origin-enforcement --name' ;;
    run)
      echo '--sandbox --allow --encoder --log --memory --cpu --time' ;;
    go-live)
      echo '--encoder --test-pattern --protocol --log --wait --seconds --retries --restart --takeover
        --priority --cues --temporary --latency-mode --type --authorized --no-authorized --insecure-ingest
        --no-insecure-ingest --recording-configuration-arn' ;;
    watch)
      echo '--interval --seconds --until --cues' ;;
    kick)
      echo '--rotate-key --protocol' ;;
    metadata)
      echo '--together --newest --ttl' ;;
    ingest-url)
      echo '--protocol --priority --split' ;;
    token)
      echo '--key --expires-in --expires --allow-origin --strict-origin --single-use --viewer-id
        --viewer-session-version --maximum-resolution --ads-opt-out --ads-reporting-mode
        --ads-playback-config-name --ads-player-params --url --service-time' ;;
    create-playback-key-pair)
      echo '--key --name' ;;
  esac
}

# The values that an option can have.
_ivs_values() {
  case $1 in
    --ads-reporting-mode)
      echo 'CLIENT SERVER' ;;
    --cli-input-json | --cli-input-yaml)
      echo 'file://' ;;
    --color)
      echo 'on off auto' ;;
    --container-format)
      echo 'TS FRAGMENTED_MP4' ;;
    --generate-cli-skeleton)
      echo 'input output' ;;
    --latency-mode)
      echo 'NORMAL LOW' ;;
    --maximum-resolution)
      echo 'SD HD FULL_HD' ;;
    --output)
      echo 'json text table yaml yaml-stream' ;;
    --preset)
      echo 'HIGHER_BANDWIDTH_DELIVERY CONSTRAINED_BANDWIDTH_DELIVERY' ;;
    --protocol)
      echo 'rtmps rtmp srt' ;;
    --region)
      echo 'ap-northeast-1 ap-northeast-2 ap-south-1 eu-central-1 eu-west-1 us-east-1 us-west-2' ;;
    --type)
      echo 'BASIC STANDARD ADVANCED_SD ADVANCED_HD' ;;
    --until)
      echo 'LIVE OFFLINE' ;;
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
    --ca-bundle|--log|--key) _ivs_reply_files '*' ;;
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
