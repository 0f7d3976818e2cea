/** What a command is good for, where that is plainly not everyday work. */
export type CommandKind = 'credentials' | 'metadata' | 'remote-shell' | 'fetched-script' | 'download' | 'archive' | 'upload' | 'dump' | 'miner' | 'escape' | 'hidden';

/** Longer commands are looked at only that far. */
const maxLength = 8000;

/** A URL that does not stay on the machine, in the cluster or in the company's own addresses. */
const outsideUrl = /https?:\/\/(?!localhost\b|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|\[|[\w-]{1,63}([:/\s'"]|$)|[\w.-]{1,200}\.(svc|local|internal)\b)/;
/** All expressions of a line must match. None has two open repeats in a row: the text is an attacker's, and long. */
const patterns: readonly (readonly [CommandKind, ...RegExp[]])[] = [
  ['credentials', /\/secrets\/kubernetes\.io\/serviceaccount(?!\/(?:namespace|ca\.crt)\b)|\/secrets\/eks\.amazonaws\.com|\/etc\/(g?shadow|sudoers|kubernetes\/)|\/var\/lib\/kubelet\/(pki|kubeconfig|config)|\.kube\/config|\.aws\/(credentials|config)|\.docker\/config\.json|\.ssh\/|\bid_(rsa|ed25519|ecdsa)\b|\.(git-credentials|netrc|pgpass)\b/],
  ['credentials', /\/proc\/(self|\d+|\*)\/environ/],
  ['metadata', /169\.254\.169\.254|169\.254\.170\.(2|23)\b|fd00:ec2::(254|23)|\b0xa9fea9fe\b|\b2852039166\b|\b0251\.0{0,3}376\.0{0,3}251\.0{0,3}376\b|metadata\.google\.internal|\/latest\/(meta-data|api\/token)/i],
  ['remote-shell', /\/dev\/(tcp|udp)\/|\bpwncat\b|\bmeterpreter\b|\bxterm\s+-display\b/i],
  ['remote-shell', /\b(nc|ncat|netcat)\b[^|;&]{0,80}\s-[a-z]{0,4}[ec]\b/],
  ['remote-shell', /\bsocat\b/i, /exec:|tcp(4|6)?:|openssl:/i],
  ['remote-shell', /\bmkfifo\b/, /\b(nc|ncat|telnet|openssl)\b/],
  ['remote-shell', /\b(ba|z|da)?sh\s+-i\b/, /[<>]&|\d>&/],
  ['remote-shell', /\b(python\d?|perl|ruby|php|node)\b/, /\bsocket\b/i, /connect|subprocess|exec|dup2|fsockopen/i],
  ['download', /\b(curl|wget|fetch)\b/, outsideUrl],
  ['fetched-script', /\b(curl|wget)\b/, /\|\s{0,9}(ba|z|da)?sh\b/],
  ['download', /\b(pip\d?|npm|gem|go|cargo|apt|apt-get|apk|yum|dnf)\s+(install|add)\b/i],
  ['archive', /\btar\s+-{0,2}[a-z]{0,8}c/, /\s-(\s|$)/],
  ['archive', /\bzip\b/, /\s-(\s|$)/],
  ['archive', /\bcpio\b/, /\s-[a-z]{0,6}o/],
  ['upload', /\b(curl|wget)\b/, /\s(-T|--upload-file|--post-file|--data-binary\s+@|-F\s+[\w.]{1,40}=@)/],
  ['upload', /\baws\s+s3\s+(cp|mv|sync)\b|\bgsutil\s+(cp|rsync)\b|\brclone\s+(copy|sync)\b|\b(scp|rsync|sftp)\b/],
  ['dump', /\b(pg_dump(all)?|mysqldump|mongodump)\b|\betcdctl\b/],
  ['dump', /\bredis-cli\b/, /--rdb\b/],
  ['miner', /\b(xmrig|minerd|cpuminer|ethminer|nbminer|t-rex|lolminer|phoenixminer|cgminer|cryptonight|randomx|nicehash|monero)\b|\bstratum\+(tcp|ssl)\b|--donate-level|--coin[ =]\w/i],
  ['hidden', /\bbase64\s+(-d|-D|--decode)\b|\{base64,-d\}|\bxxd\s+-r/, /\|\s{0,9}(\/bin\/)?(ba|z|da)?sh\b|\|\{(ba)?sh,|\b(eval|source)\b|\bsh\s+-c\s+["']?\$\(/],
  ['hidden', /\b(python\d?|perl|ruby|php|node)\b/, /\b(exec|eval)\b/, /b64decode|decode_base64|base64_decode|unpack1?\b|'base64'/],
  ['escape', /\bnsenter\b/, /(-t|--target)[ =]?1\b/],
  ['escape', /\bchroot\s+\/(host|mnt|rootfs|node)|\/proc\/1\/root|\b(docker|containerd|crio)\.sock\b|\b(ctr|crictl)\s|release_agent/],
];

/** Tells what a command with its arguments, in one text, is good for. */
export function commandKinds(command: string): CommandKind[] {
  const text = command.slice(0, maxLength);
  const found = patterns.filter(([, ...all]) => all.every((one) => one.test(text))).map(([kind]) => kind);
  // The script is what matters of what is fetched.
  return [...new Set(found)].filter((kind) => kind !== 'download' || !found.includes('fetched-script'));
}

const shells = new Set(['sh', 'ash', 'bash', 'dash', 'ksh', 'zsh', 'fish', 'pwsh', 'python', 'python2', 'python3', 'perl', 'ruby', 'irb', 'node', 'php']);
/** A shell that a script ends in, and not one that is fed from a pipe. */
const startsShell = /(^|;|&&|\(|\|\|)\s{0,9}(exec\s{1,9})?(\/\w{1,9}){0,3}\/?(ba|a|z|da)?sh(\s{1,9}-[il]{1,2})?\s{0,9}(\)|;|\|\||$)/;
/** Tell who and where one is; a workload knows that of itself. Source: https://attack.mitre.org/techniques/T1033/, T1082, T1049, T1057 */
const lookingRound = new Set(['id', 'whoami', 'groups', 'env', 'printenv', 'uname', 'hostname', 'ps', 'netstat', 'ss', 'ifconfig', 'ip', 'arp', 'mount', 'capsh', 'lsof']);

/** Whether a command's words open a shell or an interpreter for somebody to type into. */
export function opensShell(words: readonly string[]): boolean {
  const [program = '', ...rest] = words;
  if (!shells.has(baseName(program))) return false;
  // Consoles in a browser try one shell after another.
  return rest.every((word) => /^(-i|-l|-il|-li|--login)$/.test(word)) || (rest[0] === '-c' && startsShell.test((rest[1] ?? '').slice(0, maxLength)));
}

/** Whether a command's words ask what somebody asks who does not know where he is. */
export function looksRound([program = '']: readonly string[]): boolean {
  return lookingRound.has(baseName(program));
}

function baseName(program: string): string {
  return program.slice(-64).replace(/^.*\//, '');
}
