# Starts a server so that it and everything that it started ends with the gateway.
# Run as: sh -c "<this text>" sh <command> <arguments>
# in a session and process group of its own, with the lifeline as descriptor 3.
#
# The gateway holds the other end of the lifeline and never writes to it. When the gateway closes it, or
# dies in any way at all (the kernel closes it then, after kill -9 too), the read below returns, and the
# watcher ends the whole group.

leader=$$
marker=$ISOGATE_UPSTREAM

(
  # The group's signals reach the watcher too; it must outlive them to do its work.
  trap '' HUP INT QUIT TERM PIPE USR1 USR2 ALRM
  # Held open here, the server's stdout would never be seen to end.
  exec </dev/null >/dev/null 2>&1
  # Not the server's PATH, and not the marker: what the watcher runs must not find itself.
  unset ISOGATE_UPSTREAM
  PATH=/usr/bin:/bin
  self=
  if [ -r /proc/self/stat ]; then read -r self rest </proc/self/stat; fi

  # Descendants that left the group (setsid) are known by the marker in their environment. Linux only.
  # A plain command substitution: a pipeline would fork shells that carry the marker themselves.
  marked() {
    found=
    [ -n "$self" ] || return 0
    for path in $(grep -lasF "ISOGATE_UPSTREAM=$marker" /proc/[0-9]*/environ); do
      pid=${path#/proc/}
      pid=${pid%/environ}
      [ "$pid" = "$self" ] || found="$found $pid"
    done
  }

  # True while there is somebody left to wait for.
  busy() {
    if [ -n "$self" ]; then
      marked
      [ -n "$found" ]
    else
      kill -0 "$leader"
    fi
  }

  while read -r ignored <&3; do :; done

  kill -TERM -"$leader"
  rounds=0
  while [ "$rounds" -lt 10 ] && busy; do
    sleep 0.1 || sleep 1
    rounds=$((rounds + 1))
  done

  # Several rounds: a process may fork while it is being looked for.
  rounds=0
  while [ "$rounds" -lt 5 ]; do
    marked
    [ -n "$found" ] || break
    kill -KILL $found
    rounds=$((rounds + 1))
  done

  # Last, because the watcher is in the group itself.
  kill -KILL -"$leader"
) &

exec 3<&-
exec "$@"
