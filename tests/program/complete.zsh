#!/usr/bin/zsh -f
# Completes command lines in a real zsh on a terminal of its own (zsh/zpty):
#   complete.zsh FOLDER LINE...
# FOLDER holds _ivs. For each line, typed up to the cursor, prints what it becomes when all matches are inserted.
zmodload zsh/zpty
zmodload zsh/zselect
typeset -r seconds=20
folder=$1
shift
result=$(mktemp)
trap 'zpty -d shell 2>/dev/null; rm -f $result' EXIT

zpty shell "PS1= PROMPT_EOL_MARK= zsh -f -i"
zpty -w shell "
fpath=($folder \$fpath)
autoload -Uz compinit && compinit -u -D
all() { compstate[insert]=all; compstate[list]= }
complete_all() { comppostfuncs=(all); zle complete-word }
zle -N complete_all
bindkey '^I' complete_all
show() { print -r -- \"\$BUFFER\" >>$result; zle kill-buffer }
zle -N show
bindkey '^T' show
zle_ready() { print ready >>$result }
precmd_functions=(zle_ready)
"

# Waits until the shell has written that many lines, and reads what it shows meanwhile.
await() {
  local until=$((SECONDS + seconds)) shown
  while (($(wc -l <$result) < $1)); do
    if ((SECONDS >= until)); then
      print -u2 "complete.zsh: no answer from zsh within $seconds s"
      exit 1
    fi
    zpty -rt shell shown || zselect -t 2
  done
}

await 1
: >$result
written=0
for line; do
  zpty -w -n shell "$line"$'\t\x14'
  await $((++written))
done
cat $result
