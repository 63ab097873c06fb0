/**
 * A shell script that runs a command in a root of its own, in which there is nothing but what it is given, all
 * of it read-only: `sh -c PRIVATE_ROOT name <path>... -- <data limit, bytes> <command>...`. It has to run in
 * new user, mount and PID namespaces. The command then has no capabilities and cannot get any.
 *
 * The root is mounted on /sys, which is there on every Linux and where no plugin lives.
 */
export const PRIVATE_ROOT = `set -eu
PATH=/usr/bin:/usr/sbin:/bin:/sbin
root=/sys
mount -t tmpfs -o size=1m,mode=755 sandbox $root
while [ "$1" != -- ]; do
  path=$1
  shift
  [ -e "$root$path" ] && continue
  mkdir -p "$root\${path%/*}"
  if [ -L "$path" ]; then
    ln -s "$(realpath "$path")" "$root$path"
    continue
  fi
  if [ -d "$path" ]; then mkdir "$root$path"; else : > "$root$path"; fi
  mount -o bind,ro,nosuid,nodev "$path" "$root$path"
done
shift
data=$1
shift
mkdir -p $root/dev $root/proc $root/outside
for device in null urandom; do
  : > $root/dev/$device
  mount --bind /dev/$device $root/dev/$device
done
mount -t proc -o nosuid,nodev,noexec proc $root/proc
cd $root
pivot_root . outside
cd /
umount -l /outside
mount -o remount,bind,ro /
exec env -i setpriv --no-new-privs --bounding-set=-all --inh-caps=-all --ambient-caps=-all \\
  prlimit --core=0 --fsize=0 --nofile=64 --nproc=64 --data="$data" "$@"
`;
