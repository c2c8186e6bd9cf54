import { globSync } from 'node:fs';
import { join } from 'node:path';

/** Where people keep keys and logins, in their home folder. */
const IN_HOME = [
  '.ssh',
  '.gnupg',
  '.aws',
  '.azure',
  '.kube',
  '.docker',
  '.config/gcloud',
  '.config/gh',
  '.password-store',
  '.local/share/keyrings',
  '.netrc',
  '.git-credentials',
  '.npmrc',
  '.pypirc',
  '.mozilla',
  '.config/google-chrome',
  '.config/chromium',
];

/** Passwords and private keys of the machine: root in the sandbox could read them, as the owner of the files. */
const OF_MACHINE = [
  '/etc/{shadow,gshadow}{,-}',
  '/etc/security/opasswd',
  '/etc/sudoers',
  '/etc/sudoers.d',
  '/etc/ssh/*_key',
  '/etc/ssl/private',
  '/etc/pki/{tls/private,private}',
  '/etc/letsencrypt',
  '/etc/krb5.keytab',
  '/etc/wireguard',
  '/etc/openvpn',
  '/etc/ipsec.secrets',
  '/etc/NetworkManager/system-connections',
  '/etc/docker/key.json',
  '/etc/kubernetes',
  '/var/lib/{kubelet,rancher,docker,containerd}',
];

export function credentialsIn(homes: readonly string[]): string[] {
  return homes.flatMap((home) => IN_HOME.map((path) => join(home, path)));
}

/** Those that are there. */
export function secretsOfMachine(): string[] {
  return globSync(OF_MACHINE);
}
