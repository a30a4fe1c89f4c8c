#!/usr/bin/env bash
# The workflow that skillaudit replaces, by hand, on the same image: boot a VM cold, wait for
# cloud-init, list files, packages and processes over ssh, run the skill, list again, compare, and
# stop the VM. Prints one line of JSON with the seconds of each part.
#   bench/workflow.sh [COMMAND]      the skill's command in the guest, "true" by default
set -euo pipefail
command=${1:-true}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/skillaudit
record=$cache/images/debian-12.json
[[ -f $record ]] || { echo "workflow.sh: no image: run  skillaudit image build  first" >&2; exit 69; }
image=$cache/images/$(jq -r .id "$record")

work=$(mktemp -d)
vm=
finish() {
  if [[ -n $vm ]]; then kill "$vm" 2>/dev/null || true; wait "$vm" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap finish EXIT
now() { date +%s.%N; }
since() { jq -n "$(now) - $1"; }

start=$(now)
ssh-keygen -q -t ed25519 -N '' -f "$work/key"
cat >"$work/user-data" <<EOF
#cloud-config
locale: false
users:
  - name: ubuntu
    sudo: "ALL=(ALL) NOPASSWD:ALL"
    shell: /bin/bash
    ssh_authorized_keys: ["$(cat "$work/key.pub")"]
EOF
echo "instance-id: workflow" >"$work/meta-data"
xorriso -as mkisofs -quiet -V cidata -J -r -o "$work/seed.iso" "$work/user-data" "$work/meta-data" 2>/dev/null
qemu-img create -q -f qcow2 -F qcow2 -b "$image/disk.qcow2" "$work/disk.qcow2"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
qemu-system-x86_64 -nodefaults -display none -machine q35 -accel tcg,thread=multi -cpu Nehalem -smp 2 -m 1024 \
  -kernel "$image/vmlinuz" -initrd "$image/initrd" \
  -append 'root=/dev/vda rw console=ttyS0 net.ifnames=0 mitigations=off loglevel=4' \
  -drive "if=virtio,format=qcow2,cache=unsafe,file=$work/disk.qcow2" \
  -drive "if=virtio,format=raw,readonly=on,file=$work/seed.iso" \
  -netdev "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:$port-:22" -device virtio-net-pci,netdev=net,romfile= \
  -device virtio-rng-pci -serial "file:$work/console" >"$work/qemu.log" 2>&1 &
vm=$!

guest() {
  ssh -q -i "$work/key" -p "$port" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
    -o ConnectTimeout=5 -o BatchMode=yes ubuntu@127.0.0.1 "$@"
}
until guest true 2>/dev/null; do
  kill -0 "$vm" 2>/dev/null || { cat "$work/qemu.log" >&2; exit 69; }
  sleep 1
done
guest 'cloud-init status --wait' >/dev/null || true
boot=$(since "$start")

snapshot() {
  guest "sudo find / -xdev -printf '%p %s %T@ %m %U\n'" | sort >"$work/files-$1"
  guest "dpkg-query -W" >"$work/packages-$1"
  guest "ps -eo pid,ppid,user,args" >"$work/processes-$1"
  guest "ss -tulpn; systemctl list-units --all --no-legend; crontab -l 2>/dev/null; true" >"$work/system-$1"
}
mark=$(now); snapshot before; before=$(since "$mark")
mark=$(now); guest "$command" >/dev/null; run=$(since "$mark")
mark=$(now); snapshot after; after=$(since "$mark")
mark=$(now)
for table in files packages processes system; do
  diff "$work/$table-before" "$work/$table-after" >"$work/$table.diff" || true
done
compare=$(since "$mark")
mark=$(now); kill "$vm"; wait "$vm" 2>/dev/null || true; vm=; stop=$(since "$mark")
jq -nc --argjson boot "$boot" --argjson before "$before" --argjson run "$run" --argjson after "$after" \
  --argjson compare "$compare" --argjson stop "$stop" --argjson total "$(since "$start")" \
  '{boot: $boot, before: $before, run: $run, after: $after, compare: $compare, stop: $stop, total: $total, overhead: ($total - $run)}'
