# Become node, in a root folder with node and the system's programs in it and nothing else.
# running.py reads this and gives it to sh in namespaces of their own, with the arguments: an empty
# folder, node's path, then those of prlimit.
set -e
PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t tmpfs -o size=64k,mode=0755 none "$1"
cd "$1"
mkdir old proc empty
for folder in bin lib lib64 usr; do
  if [ -e "/$folder" ]; then
    mkdir "$folder"
    mount --rbind "/$folder" "$folder"
    # Only root could write there. Some kernels won't let this be set; three more bars are left.
    mount -o remount,bind,ro "$folder" 2>&- || :
  fi
done
touch node
mount --bind "$2" node
mount -t proc proc proc
pivot_root . old
umount -l old
rmdir old
mount -o remount,ro none /
cd /empty
shift 2
exec env -i prlimit "$@"
