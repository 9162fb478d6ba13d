#!/usr/bin/env bash
# Installs the Debian package as an operator does, and takes it off again, on a copy of this machine that nobody keeps.
#
# In: the package; root's rights. Out: nothing, when dpkg and systemd have nothing to say, an upgrade leaves the operator's own
# settings alone, and a purge leaves the lake. The copy is an overlay in memory, in a mount namespace of its own: what is
# written there is gone with it. Nothing of systemd runs in it, so no unit is started.
set -euo pipefail

fail() { printf '%s\n' "$1"; exit 1; }

if [ $# -eq 1 ]; then
  copy=$(mktemp -d) code=0
  unshare --mount --propagation private -- "$0" "$(realpath "$1")" "$copy" || code=$?
  rmdir "$copy"
  exit $code
fi

package=$1 copy=$2
mount -t tmpfs none "$copy"
mkdir "$copy/upper" "$copy/work" "$copy/root"
mount -t overlay none -o "lowerdir=/,upperdir=$copy/upper,workdir=$copy/work" "$copy/root"
mount --rbind /proc "$copy/root/proc"
mount --rbind /dev "$copy/root/dev"
mkdir -p "$copy/root/tmp"
cp "$package" "$copy/root/tmp/kayoi.deb"
# Without what a policy of this machine forbids: nothing could be started here anyway.
rm -f "$copy/root/usr/sbin/policy-rc.d"

within() { chroot "$copy/root" "$@"; }
quiet() { # what is done, then the command
  local what=$1 said
  shift
  said=$(within "$@" 2>&1) || fail "$what failed: $said"
}

! within id kayoi >/dev/null 2>&1 || fail "this machine has a user kayoi already, so that nothing would be seen"
quiet "dpkg --install" dpkg --install /tmp/kayoi.deb
quiet "the program" kayoi --version
quiet "the user" id kayoi
said=$(within sh -c 'cd /usr/lib/systemd/system && systemd-analyze verify --man=no kayoi-*.service kayoi-*.timer kayoi-ingest@one.service' 2>&1) ||
  fail "systemd-analyze: $said"
[ -z "$said" ] || fail "systemd-analyze: $said"
within test -d /var/lib/kayoi || fail "there is no /var/lib/kayoi"

# An upgrade keeps what the operator has written, and asks nobody.
echo 'KAYOI_LOG=info' >>"$copy/root/etc/kayoi/kayoi.env"
within sh -c 'echo rows >/var/lib/kayoi/lake'
quiet "dpkg --install again" dpkg --install /tmp/kayoi.deb
within grep -q '^KAYOI_LOG=info$' /etc/kayoi/kayoi.env || fail "an upgrade has changed /etc/kayoi/kayoi.env"

quiet "dpkg --remove" dpkg --remove kayoi
! within test -e /usr/bin/kayoi || fail "the program is still there"
quiet "dpkg --purge" dpkg --purge kayoi
within grep -q rows /var/lib/kayoi/lake || fail "a purge has taken the lake"
