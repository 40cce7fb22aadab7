# SPDX-License-Identifier: BSD-2-Clause
# What of synwardd.service holds, once it is installed and configured; part of unit-install.sh.
config=/etc/synward/synwardd.toml

systemctl restart card
until_true 60 test -S /run/card/card.sock
systemctl restart synwardd
check "starts, and says when it is ready" systemctl is-active synwardd
check "status for systemctl" is StatusText "serving sim /run/card/card.sock"
check "runs as its user" has "^Uid:.$(id -u synward)\b" "/proc/$(pid)/status"
check "holds no capability" has '^CapEff:.0000000000000000$' "/proc/$(pid)/status"
check "can get none" has '^NoNewPrivs:.1$' "/proc/$(pid)/status"
check "system calls are filtered" has '^Seccomp:.2$' "/proc/$(pid)/status"
check "keys are locked in memory" says '"locked": true' synward secrets status --json
check "admin socket for its owner alone" says 'srw-------' ls -l /run/synward/admin.sock
check "public socket for all" says 'srw-rw-rw-' ls -l /run/synward/public.sock
check "figures" says 'syncache entries added' synward stats
check "sysctls" says 'pass -> drop' synward sysctl net.synward.unknown_ack=drop

check "an attack's command runs in the sandbox" until_true 60 has '"event":"begin","n":1,"class":"ack-flood"' \
  /var/lib/synward/told

sed -i '/^\[sysctl\]/a "net.inet.tcp.syncache.rexmtlimit" = 2' $config
check "reloads" systemctl reload synwardd
check "and takes what is new" says ': 2' synward sysctl net.inet.tcp.syncache.rexmtlimit
cp $config /tmp/right.toml
echo 'nonsense = ' >> $config
check "a reload of a wrong file fails" refuses systemctl reload synwardd
check "says where" until_true 5 logged "$config:$(wc -l < $config): "
check "and changes nothing" systemctl is-active synwardd
cp /tmp/right.toml $config

before=$(pid)
kill -KILL "$before"
restarted() { is ActiveState active && [ "$(pid)" != "$before" ]; }
check "killed, it is started again" until_true 20 restarted
check "and finds the card in service" until_true 5 logged 'the card was in service: its tables stay'
check "with the settings that were in force" until_true 20 says 'drop' synward sysctl -n net.synward.unknown_ack
check "saves them for good" says 'saved in /var/lib/synward/sysctl.toml' synward sysctl --save
check "where nobody else reads them" says 'drwx------' ls -ld /var/lib/synward/
check "its memory is bounded" is MemoryMax 268435456
check "and its tasks" is TasksMax 64
before=$(pid)
kill -STOP "$before"
check "hung, it is ended by the watchdog and started again" until_true 60 restarted
check "and answers" until_true 20 synward status

systemctl restart card
check "a card that comes back is set up anew" until_true 30 logged 'the card is there again and has been set up anew'
check "stops" systemctl stop synwardd
check "at once and by itself" is Result success
check "and leaves nothing behind" refuses test -e /run/synward

echo 'nonsense = ' >> $config
check "a wrong configuration does not start" refuses systemctl start synwardd
sleep 3
check "and is not tried again" is ActiveState failed
cp /tmp/right.toml $config
systemctl reset-failed synwardd
systemctl stop card
systemctl start --no-block synwardd
check "a card that is missing at the start is waited for" until_true 20 logged 'card.sock: No such file'
systemctl start card
check "until it is there" until_true 20 is ActiveState active
systemctl stop synwardd card

