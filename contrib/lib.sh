# contrib/lib.sh - what contrib/test and contrib/quickstart share (bash)
#
# The sourcing script has set $top, the top of the source tree.
# shellcheck shell=bash disable=SC2034,SC2154

jobs=$(nproc)

# what it takes to build, and no more
build_packages=(autoconf automake gcc libc6-dev make pkg-config xz-utils
	libuv1-dev libyaml-dev libldns-dev libsystemd-dev libcurl4-openssl-dev
	nettle-dev zlib1g-dev)

# as_root COMMAND...
as_root()
{
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# Leave no server running that only a test wants: until apt is done, tell
# Debian's maintainer scripts not to start any.  Where the machine has a policy
# of its own, that one stays.
install_quietly()
(
	policy=/usr/sbin/policy-rc.d
	if [ ! -e $policy ]; then
		trap 'as_root rm -f $policy' EXIT
		trap 'exit 1' INT TERM
		printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
		as_root chmod 755 $policy
	fi
	as_root apt-get update -q &&
	as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -q -y --no-install-recommends "$@"
)

# install_missing PACKAGE...: what is there already is not touched
install_missing()
{
	local package missing=()

	if ! command -v dpkg-query >/dev/null; then
		echo "not a Debian system: make sure of these yourself: $*" >&2
		return 0
	fi
	for package in "$@"; do
		case $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) in
		installed) ;;
		*) missing+=("$package") ;;
		esac
	done
	[ ${#missing[@]} -eq 0 ] && return 0
	echo "installing: ${missing[*]}"
	install_quietly "${missing[@]}"
}

# configure_tree DIR [OPTION...]: once; afterwards make sees to it itself
configure_tree()
{
	local dir=$1
	shift

	if [ -e "$top/config.status" ]; then
		echo "$top is configured itself: run 'make distclean' there" >&2
		return 1
	fi
	if [ ! -e "$top/Makefile.in" ] || [ -n "$(cd "$top" &&
		find configure.ac Makefile.am src tests -newer Makefile.in \
			\( -name 'configure.ac' -o -name 'Makefile.am' -o -name '*.mk' \))" ]; then
		(cd "$top" && autoreconf -i) || return 1
	fi
	[ -e "$dir/config.status" ] && return 0
	mkdir -p "$dir" && (cd "$dir" && "$top/configure" -q "$@")
}
