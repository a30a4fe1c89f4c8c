#!/bin/sh
# Makes of a built image a disk as clouds have it: cloud_image.sh IMAGE_FOLDER OUT.qcow2
#
# A partition table, GRUB in the gap before the first partition, kernel and initrd in the file
# system's own /boot: it boots by firmware, with a command line that skillaudit has no say in.
# Needs neither root nor a loop device.
set -eu
PATH=$PATH:/usr/sbin:/sbin
image=$1 out=$2
work=$(mktemp -d "$(dirname "$out")/cloud-image.XXXXXX")
trap 'rm -rf "$work"' EXIT
mib=1048576

size=$(qemu-img info "$image/disk.qcow2" | sed -n 's/^virtual size:.*(\([0-9]*\) bytes).*/\1/p')
truncate -s $((size + 2 * mib)) "$work/disk"
echo 'start=2048, type=83, bootable' | sfdisk -q "$work/disk"
qemu-img convert -n --target-is-zero -f qcow2 "$image/disk.qcow2" \
  --target-image-opts "driver=raw,offset=$mib,file.driver=file,file.filename=$work/disk"
root="$work/disk?offset=$mib"
printf 'mkdir /boot\nwrite %s /boot/kernel\nwrite %s /boot/initial\n' "$image/vmlinuz" "$image/initrd" |
  debugfs -w -f - "$root" >"$work/debugfs.log" 2>&1
for file in kernel initial; do
  debugfs -R "stat /boot/$file" "$root" 2>/dev/null | grep -q 'Type: regular' || { cat "$work/debugfs.log" >&2; exit 1; }
done

# Without the mitigations of the processor's faults an emulated boot takes half as long.
cat >"$work/grub.cfg" <<'CONFIG'
serial --unit=0 --speed=115200
terminal_output serial
linux (hd0,msdos1)/boot/kernel root=/dev/vda1 rw console=tty0 console=ttyS0,115200n8 mitigations=off
initrd (hd0,msdos1)/boot/initial
boot
CONFIG
grub-mkimage -O i386-pc -p '(hd0,msdos1)/boot' -c "$work/grub.cfg" -o "$work/core" \
  biosdisk part_msdos ext2 linux serial terminal boot
put() { # FILE SECTOR BYTES: copies into the disk
  head -c "$3" "$1" | dd of="$work/disk" bs=512 seek="$2" conv=notrunc status=none
}
put /usr/lib/grub/i386-pc/boot.img 0 440
[ "$(stat -c %s "$work/core")" -lt $((mib - 512)) ] # it ends before the partition
put "$work/core" 1 $mib
qemu-img convert -f raw -O qcow2 "$work/disk" "$out"
