# SPDX-License-Identifier: BSD-2-Clause
# What of synward-agent@.service holds, once it is installed; part of unit-install.sh. The container has no udev: the
# unit waits for no device there.
agent=synward-agent@eth0
agent_show() { systemctl show $agent --property "$1" --value; }
agent_is() { [ "$(agent_show "$1")" = "$2" ] || { echo "$1 is $(agent_show "$1"), not $2"; false; }; }
agent_logged() { journalctl --boot --unit $agent --output cat --no-pager | grep -q -- "$1"; }
mount -o remount,rw /sys
mkdir -p /sys/fs/bpf
mount -t bpf bpf /sys/fs/bpf
ip link add eth0 type veth peer name card
ip link set eth0 up
ip link set card up
head -c 32 /dev/urandom > /etc/synward/handoff.key
chmod 600 /etc/synward/handoff.key
installed=$(systemctl show synward-agent@eth0 --property FragmentPath --value)
sed '/^BindsTo=/d; s/^After=.*/After=network.target/' "$installed" > /etc/systemd/system/synward-agent@.service
systemctl daemon-reload

if synward-agent check | grep -q '^fatal: .*kernel'; then
  echo "ok    this kernel cannot take marks: the agent's unit is not tried"
else
  check "the agent starts, and says when it is ready" systemctl start $agent
  check "its program is at the interface" says 'eth0: attached' synward-agent status --interface eth0
  check "it holds no more capabilities than it was given" says '000000c000001004' \
    sed -n 's/^CapBnd:.//p' "/proc/$(agent_show MainPID)/status"
  check "its system calls are filtered" has '^Seccomp:.2$' "/proc/$(agent_show MainPID)/status"
  check "it reloads" systemctl reload $agent
  check "and reads the keys anew" until_true 5 agent_logged 'the keys were read anew'
  before=$(agent_show MainPID)
  kill -KILL "$before"
  agent_restarted() { agent_is ActiveState active && [ "$(agent_show MainPID)" != "$before" ]; }
  check "killed, it is started again" until_true 20 agent_restarted
  check "and replaces its program in place" until_true 5 agent_logged 'the program was replaced at eth0'
  check "it stops" systemctl stop $agent
  check "by itself" agent_is Result success
  check "its program stays" says 'eth0: attached' synward-agent status --interface eth0
  check "until it is taken away" synward-agent detach --interface eth0
  check "and is gone" refuses synward-agent status --interface eth0
  mv /etc/synward/handoff.key /etc/synward/handoff.old
  check "without keys it does not start" refuses systemctl start $agent
  check "says why" agent_logged 'handoff.key: '
  sleep 2
  check "and is not tried again" agent_is ActiveState failed
  systemctl reset-failed $agent
fi
rm -f /etc/synward/handoff.* /etc/systemd/system/synward-agent@.service
ip link del eth0
