# bash completion for mprofpp

_mprofpp_options() {
  mprofpp "$1" --help 2>/dev/null | grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' | tr -d ', ' | grep -oE '\-\-[a-z-]+'
}

# Where the program begins in `mprofpp run [OPTIONS] PROGRAM …` and `mprofpp span NAME -- COMMAND …`, or nothing.
_mprofpp_program_at() {
  local i
  for ((i = 2; i < COMP_CWORD; ++i)); do
    if [[ ${COMP_WORDS[1]} == span && ${COMP_WORDS[i]} != -- ]]; then continue; fi
    case ${COMP_WORDS[i]} in
      -T | --interval | -t | --timeout | --backend | --metrics | --max-size | -o | --output | --log | --min-span | --trace | --no-trace) ((++i)) ;;
      --) echo $((i + 1)) && return ;;
      -*) ;;
      *) echo "$i" && return ;;
    esac
  done
}

# Words that a program may be: commands, Python scripts, and folders on the way to one.
_mprofpp_programs() {
  compgen -c -- "$1"
  compgen -f -X '!*.py' -- "$1"
  compgen -d -- "$1"
}

_mprofpp_recordings() {
  compgen -f -X '!*.dat' -- "$1"
  compgen -d -- "$1"
}

_mprofpp() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} program
  local commands="run attach mark span plot peak list rm clean"
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W "$commands help --help --version" -- "$word")
    return
  fi
  if [[ $command == run || $command == span ]]; then
    program=$(_mprofpp_program_at)
    if [[ -n $program ]] && declare -F _command_offset >/dev/null; then
      _command_offset "$program"
      return
    elif [[ -n $program && $program -lt $COMP_CWORD ]]; then
      mapfile -t COMPREPLY < <(compgen -f -- "$word")  # the program's own
      return
    elif [[ -n $program ]]; then
      mapfile -t COMPREPLY < <(_mprofpp_programs "$word" | sort -u)
      return
    fi
  fi
  case $before in
    -o | --output | --log) mapfile -t COMPREPLY < <(compgen -f -- "$word") && return ;;
    --backend) mapfile -t COMPREPLY < <(compgen -W "rss pss uss" -- "$word") && return ;;
    --metrics) mapfile -t COMPREPLY < <(compgen -W "pss uss swap vms anon file rss" -- "$word") && return ;;
    --theme) mapfile -t COMPREPLY < <(compgen -W "light dark" -- "$word") && return ;;
    --color) mapfile -t COMPREPLY < <(compgen -W "function growth" -- "$word") && return ;;
    -T | --interval | -t | --timeout | --max-size | --min-span | --trace | --no-trace | --title | --size | --dpi | --label | -w | --window | --func) return ;;
  esac
  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_mprofpp_options "$command")" -- "$word")
  elif [[ $command == run ]]; then
    mapfile -t COMPREPLY < <(_mprofpp_programs "$word" | sort -u)
  elif [[ $command == attach ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(ps -eo pid=,comm=)" -- "$word")
  elif [[ $command == help ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
  elif [[ $command == plot || $command == peak || $command == rm ]]; then
    mapfile -t COMPREPLY < <(_mprofpp_recordings "$word" | sort -u)
  fi
}

complete -o filenames -F _mprofpp mprofpp
