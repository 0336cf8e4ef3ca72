#!/bin/sh
# A real Postfix that delivers into a real Dovecot, on loopback, in one folder, with no trace left in the system.
#
#   mailstack.sh start DIR SMTP_PORT LMTP_PORT IMAP_PORT SASL_PORT
#   mailstack.sh stop DIR
#
# DIR must hold chain.pem and key.pem (a certificate for localhost). Log-in: any user, password "secret".
# Needs root (Postfix insists) and Debian's postfix, dovecot-imapd, dovecot-lmtpd. mailstack.py is its only caller.
set -eu

end() { # the process whose id stands in file $1, if there is one, and wait until it is gone
    pid=$(tr -d ' ' < "$1" 2>/dev/null) || return 0
    kill "$pid" 2>/dev/null || return 0
    while kill -0 "$pid" 2>/dev/null; do sleep 0.02; done
}

write_postfix() {
    cat > "$postfix/main.cf" <<EOF
compatibility_level = 3.6
queue_directory = $dir/queue
data_directory = $dir/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.stack.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
recipient_delimiter = +
smtp_dns_support_level = disabled

# Mails arrive as they were sent: nothing is added but trace headers.
local_header_rewrite_clients =

# A provider that keeps a copy of all that it takes from these senders.
sender_bcc_maps = regexp:$postfix/kept

# Clients may encrypt and log in; from this machine they need not.
smtpd_tls_security_level = may
smtpd_tls_chain_files = $dir/key.pem, $dir/chain.pem
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:$sasl_port
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_recipient_access regexp:$postfix/at-rcpt
smtpd_reject_unlisted_recipient = no

# Whatever is accepted goes to Dovecot, or fails later as the address says.
transport_maps = regexp:$postfix/afterwards
default_transport = lmtp:inet:127.0.0.1:$lmtp_port
relay_transport = \$default_transport
local_transport = \$default_transport

# A test cannot wait for minutes.
minimal_backoff_time = 5s
maximal_backoff_time = 10s
queue_run_delay = 5s

maillog_file = $dir/data/maillog
maillog_file_prefixes = $dir
syslog_name = stack
EOF
    cat > "$postfix/at-rcpt" <<'EOF'
/^reject(\+.*)?@/        550 5.7.1 Blocked by policy
/^grey(\+.*)?@/          451 4.7.1 Greylisted
/@always451\.example$/   451 4.7.1 Come back later
/@refused\.example$/     550 5.1.1 No such person
EOF
    cat > "$postfix/afterwards" <<'EOF'
/^nobody(\+.*)?@/        error:5.1.1 The account does not exist
/^full(\+.*)?@/          error:5.2.2 The mailbox is full
/^slow(\+.*)?@/          retry:4.7.1 Come back later
EOF
    echo '/\.kept\.example$/   sent@kept.example' > "$postfix/kept"
    # service                  type       private unprivileged chroot wakeup limit command
    cat > "$postfix/master.cf" <<EOF
127.0.0.1:$smtp_port           inet       n       -            n      -      -     smtpd
pickup                         unix       n       -            n      60     1     pickup
cleanup                        unix       n       -            n      -      0     cleanup
qmgr                           unix       n       -            n      300    1     qmgr
tlsmgr                         unix       -       -            n      1000?  1     tlsmgr
rewrite                        unix       -       -            n      -      -     trivial-rewrite
bounce                         unix       -       -            n      -      0     bounce
defer                          unix       -       -            n      -      0     bounce
trace                          unix       -       -            n      -      0     bounce
flush                          unix       n       -            n      1000?  0     flush
proxymap                       unix       -       -            n      -      -     proxymap
lmtp                           unix       -       -            n      -      -     lmtp
error                          unix       -       -            n      -      -     error
retry                          unix       -       -            n      -      -     error
anvil                          unix       -       -            n      -      1     anvil
showq                          unix       n       -            n      -      -     showq
postlog                        unix-dgram n       -            n      -      1     postlogd
EOF
}

write_dovecot() {
    cat > "$dovecot/dovecot.conf" <<EOF
base_dir = $dovecot/run
state_dir = $dovecot/state
log_path = $dovecot/log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
first_valid_uid = 1

ssl = yes
ssl_cert = <$dovecot/chain.pem
ssl_key = <$dovecot/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
auth_username_chars =

# Every address has a mailbox, made when its first mail comes.
mail_location = maildir:$dir/mail/%u
namespace inbox {
  inbox = yes
  separator = /
}
passdb {
  driver = oauth2
  mechanisms = xoauth2
  args = $dovecot/oauth2.conf
}
passdb {
  driver = static
  mechanisms = plain login
  args = password=secret
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$dir/mail/%u allow_all_users=yes
}

# A wrong password costs the next test no time.
auth_failure_delay = 0
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
service auth {
  user = nobody
  inet_listener {
    address = 127.0.0.1
    port = $sasl_port
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = $imap_port
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  user = nobody
  inet_listener lmtp {
    address = 127.0.0.1
    port = $lmtp_port
  }
}
EOF
}

write_tokens() { # an access token is a JWT, signed with the key "a key for tests", kid "tests" (mailstack.py)
    mkdir -p "$dovecot/tokens/default/HS256"
    printf 'a key for tests' | base64 > "$dovecot/tokens/default/HS256/tests"
    cat > "$dovecot/oauth2.conf" <<EOF
introspection_mode = local
local_validation_key_dict = fs:posix:prefix=$dovecot/tokens/
username_attribute = sub
EOF
}

dir=$2 postfix=$2/postfix dovecot=$2/dovecot
case $1 in
start)
    smtp_port=$3 lmtp_port=$4 imap_port=$5 sasl_port=$6
    mkdir -p "$postfix" "$dir/queue" "$dir/data" "$dir/mail" "$dovecot/run" "$dovecot/state"
    chmod 755 "$dir" "$postfix" "$dir/queue"
    chown postfix "$dir/data"
    write_postfix
    write_dovecot
    write_tokens
    cp "$dir/chain.pem" "$dir/key.pem" "$dovecot/"
    chown -R nobody:nogroup "$dovecot" "$dir/mail"
    setpriv --reuid=nobody --regid=nogroup --clear-groups dovecot -c "$dovecot/dovecot.conf"
    postfix -c "$postfix" start
    ;;
stop)
    end "$dir/queue/pid/master.pid" &
    end "$dovecot/run/master.pid"
    wait
    ;;
esac
