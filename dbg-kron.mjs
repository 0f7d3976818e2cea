const cands = { sqrt2: Math.SQRT2 - 1, sqrt3: Math.sqrt(3) - 1, golden: (Math.sqrt(5) - 1) / 2, e: Math.E - 2, sqrt7: Math.sqrt(7) - 2, sqrt13: Math.sqrt(13) - 3, cbrt2: Math.cbrt(2) - 1, sqrt11: Math.sqrt(11) - 3, ln2: Math.LN2, sqrt6: Math.sqrt(6)-2, sqrt10: Math.sqrt(10)-3, sqrt14: Math.sqrt(14)-3, plastic: 0.7548776662466927, sqrt19: Math.sqrt(19)-4, sqrt23: Math.sqrt(23)-4, sqrt31: Math.sqrt(31)-5, sqrt47: Math.sqrt(47)-6 };
const K = 12;
function est(u, times) { let level = 0, kept = []; for (const w of times) { const x = u(w); if (x >= 2 ** -level) continue; kept.push(x); while (kept.length > K) { level++; kept = kept.filter((y) => y < 2 ** -level); } } return kept.length * 2 ** level; }
function mix(w, salt) { let m = Math.imul(w ^ Math.imul(salt, 0x9e3779b1), 0x85ebca6b); m = Math.imul(m ^ (m >>> 13), 0xc2b2ae35); m ^= m >>> 16; return (m >>> 0) / 2 ** 32; }
cands.hash = null;
for (const [name, a] of Object.entries(cands)) {
  const out = [];
  for (const stride of [1, 2, 3, 6, 12, 18, 24, 36, 72, 144]) {
    let sq = 0, n = 0;
    for (let salt = 0; salt < 60; salt++) for (const N of [40, 100, 300, 1000, 2000]) { const start = 2985000 + salt * 37; const t = Array.from({ length: N }, (_, i) => start + i * stride); const e = est(a === null ? (w) => mix(w, salt) : (w) => (w * a + salt * 0.7548776662466927) % 1, t); sq += (e / N - 1) ** 2; n++; }
    out.push(Math.sqrt(sq / n).toFixed(2));
  }
  // days of eight hours of work
  let sq = 0, n = 0; for (let salt = 0; salt < 60; salt++) { const t = []; for (let d = 0; d < 14; d++) for (let i = 54; i < 102; i++) if (mix(d * 144 + i, salt + 999) < 0.5) t.push(2985000 + d * 144 + i); const e = est(a === null ? (w) => mix(w, salt) : (w) => (w * a + salt * 0.7548776662466927) % 1, t); sq += (e / t.length - 1) ** 2; n++; } out.push('| half-days ' + Math.sqrt(sq / n).toFixed(2));
  sq = 0; n = 0; for (let salt = 0; salt < 100; salt++) { const t = []; for (let i = 0; i < 2016; i++) if (mix(i, salt + 5999) < 0.07) t.push(2985000 + i); const e = est(a === null ? (w) => mix(w, salt) : (w) => (w * a + salt * 0.7548776662466927) % 1, t); sq += (e / t.length - 1) ** 2; n++; } out.push('| random 7 % ' + Math.sqrt(sq / n).toFixed(2));
  console.log(name.padEnd(8), out.join(' '));
}
