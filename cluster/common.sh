# What the scripts in this folder have in common; they read it, nobody runs it.
# shellcheck shell=bash

# With it, cd prints where it goes, or goes elsewhere.
unset CDPATH
package=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# The folder with resnet, metrics and classroom; every node has to see it.
programs=${RESNET_PROGRAMS:-$package/.build/release}
[ ! -d "$programs" ] || programs=$(cd "$programs" && pwd)

fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# MARK: Submitting

# Prints the head of a script, which says how it is used.
usage() {
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

# Splits what was given at `--`: before it $options for the program, behind it $sbatch for Slurm.
split_options() {
  options=() sbatch=()
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  [ $# -eq 0 ] || sbatch=("${@:2}")
}

# Refuses options that a task gives by itself.
refuse() {
  local option word
  for option in "${options[@]}"; do
    for word in "$@"; do
      [ "${option%%=*}" != "$word" ] || fail "each task gives $word by itself; leave it out."
    done
  done
}

check_count() {
  # The most that an array may have, unless an administrator raised MaxArraySize.
  [[ $1 =~ ^[1-9][0-9]{0,2}$|^1000$ ]] || fail "the number of tasks is from 1 to 1000, not '$1'."
}

check_programs() {
  local name
  for name in "$@"; do
    [ -x "$programs/$name" ] || fail "$programs/$name isn't there. Build it:" \
      "swift build -c release --product $name"
  done
  command -v sbatch >/dev/null || fail "there is no sbatch. Submit on a machine that has Slurm."
}

# Makes the folder of a job, and refuses one that has another: $1 is the folder, the rest what is asked for.
make_folder() {
  local asked
  mkdir -p "$1" || exit 1
  folder=$(cd "$1" && pwd)
  [[ $folder != *\\* ]] || fail "Slurm can't write a log to a folder with a backslash: $folder"
  asked=$(printf '%q ' "${@:2}")
  if [ ! -e "$folder/asked" ]; then
    printf '%s\n' "$asked" >"$folder/asked"
  elif [ "$(cat "$folder/asked")" != "$asked" ]; then
    fail "$folder has what came of other options: $(cat "$folder/asked")" \
      "Name another folder, or give those again."
  fi
}

# Prints the parts that aren't complete, with commas between them.
missing_parts() {
  local part parts=()
  for ((part = 1; part <= ${count:?}; part++)); do
    [ -e "$folder/part-$part-of-$count.complete" ] || parts+=("$part")
  done
  (IFS=, && echo "${parts[*]}")
}

# Submits the parts that aren't complete, and the job that puts all together after them:
# `submit NAME WORDS… --then WORDS…`, each a script of this folder and what it is given.
submit() {
  local name=$1 task=() parts array
  shift
  while [ "$1" != --then ]; do
    task+=("$1")
    shift
  done
  shift
  parts=$(missing_parts)
  # In the name of a log, % begins what Slurm puts in.
  local log="${folder//%/%%}" after=()
  if [ -n "$parts" ]; then
    array=$(sbatch --parsable --job-name "$name" --array "$parts" --output "$log/log-%a.txt" \
      "${sbatch[@]}" "$package/cluster/${task[0]}" "$package" "$programs" "$folder" \
      "$count" "${task[@]:1}") || fail "sbatch didn't take it, see above."
    # With federations the name of the cluster follows.
    array=${array%%;*}
    after=(--dependency "afterok:$array" --kill-on-invalid-dep yes)
    echo "Job $array: parts $parts of $count. squeue shows them, $folder/log-*.txt what they say."
  else
    echo "All $count parts are complete."
  fi
  array=$(sbatch --parsable --job-name "$name-end" --output "$log/log-end.txt" \
    "${after[@]}" "${sbatch[@]}" "$package/cluster/$1" "$package" \
    "$programs" "$folder" "$count" "${@:2}") || fail "sbatch didn't take it, see above."
  echo "Job ${array%%;*} puts them together."
}

# MARK: In a task

# Says what a task is, and takes it for this process.
begin_part() {
  part=$SLURM_ARRAY_TASK_ID
  name=part-$part-of-$count
  echo "=== $(date '+%F %T') on $(hostname): part $part of $count, job $SLURM_JOB_ID," \
    "start $((${SLURM_RESTART_COUNT:-0} + 1))"
  # Held by every process of the task, so that it is free when the last of them has ended.
  exec 9>>"$folder/$name.lock"
  # On a disk without locks it is taken without one.
  local status=0
  flock --nonblock --conflict-exit-code 75 9 || status=$?
  [ "$status" -ne 75 ] || fail "another task has part $part of $count in hand. squeue shows which."
  rm -f "$folder/$name.complete"
}

program='' why=''

# The time limit is near: Slurm tells this shell alone. What runs saves and ends, and the task goes on later.
trap 'why="the time limit is near"; stop' USR1
# Cancelled, requeued or preempted: Slurm tells every process, and knows itself what comes next.
trap 'why=told; stop' TERM

stop() { [ -z "$program" ] || kill -TERM "$program" 2>/dev/null || true; }

# Prints how many of the task's processors a program uses that takes up to $1.
processors() { echo $((SLURM_CPUS_PER_TASK < $1 ? SLURM_CPUS_PER_TASK : $1)); }

# Runs a program until it ends, also when a signal comes meanwhile: `run MEANWHILE PROGRAM…`, where MEANWHILE is
# called every five minutes. The program's exit status is then in $status.
run() {
  local meanwhile=$1 next=$((SECONDS + 300))
  shift
  "$@" &
  program=$!
  [ -z "$why" ] || stop
  while kill -0 "$program" 2>/dev/null; do
    # Short, since a trap is only run when it is over.
    sleep 1 || true
    if [ "$SECONDS" -ge "$next" ]; then
      "$meanwhile" || true
      next=$((SECONDS + 300))
    fi
  done
  status=0
  wait "$program" || status=$?
  program=''
}

# Ends a task whose program didn't end by itself with 0: puts it back into the queue, or not.
end_part() {
  case $why in
    told)
      echo "Stopped by Slurm. What is saved is continued when the task starts again."
      exit 143
      ;;
    "")
      # 130 is what resnet ends with after Ctrl-C or SIGTERM, more than that means a signal that it can't hear.
      [ "$status" -gt 128 ] || fail "part $part of $count failed with status $status, see above."
      [ "${SLURM_RESTART_COUNT:-0}" -lt 3 ] \
        || fail "part $part of $count was killed (status $status) at its fourth start. Out of memory?"
      why="killed (status $status)"
      ;;
  esac
  echo "Back into the queue: $why."
  scontrol requeue "${SLURM_ARRAY_JOB_ID}_$part" \
    || fail "part $part of $count can't be put back into the queue. Submit again: it goes on where it was."
  # Slurm ends this script now.
  sleep 300
  exit 1
}

complete_part() {
  : >"$folder/$name.complete"
  echo "Part $part of $count is complete."
}
