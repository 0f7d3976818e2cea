import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { AuditFiles, type LogItem } from '../cli/audit-files.ts';
import { cutItems } from '../cli/deliveries.ts';
import { Destinations } from '../lib/egress/destination.ts';
import type { FlowRecord } from '../lib/egress/flow-record.ts';
import { Egress } from '../lib/engine/egress.ts';
import { Engine } from '../lib/engine/engine.ts';
import type { Finding } from '../lib/finding.ts';
import { MemoryFindingStore, MemoryStateStore } from '../lib/memory-stores.ts';
import { hash32 } from '../lib/hash.ts';

const usage = `usage: node test/evaluate-egress.ts CORPUS… [--late DAYS] [--lose SHARE] [--shrink FACTOR]

Says, for labelled corpora with audit and flow files, which attacks with traffic are found by it, whom the findings name,
and which findings with traffic are false. With --late the flow records come so many days after the audit events; with
--lose so large a share of them is lost; with --shrink so small a part of an attack's bytes is left.`;

interface Scenario { readonly id: string; readonly egress?: boolean; readonly identities: readonly string[] }
interface FlowLabel { readonly scenario: string; readonly src: string; readonly dst: string; readonly start: number }

const { values, positionals } = parseArgs({ allowPositionals: true, options: { late: { type: 'string', default: '0' }, lose: { type: 'string', default: '0' }, shrink: { type: 'string', default: '1' } } });
if (positionals.length === 0) {
  process.stderr.write(`${usage}\n`);
  process.exit(2);
}
const lateMs = Number(values.late) * 24 * 60 * 60 * 1000;
const lost = Number(values.lose);
const left = Number(values.shrink);

for (const corpus of positionals) await evaluate(corpus);

async function evaluate(corpus: string): Promise<void> {
  const labels = jsonLines<FlowLabel>(corpus, 'flow-labels.jsonl');
  const requests = new Set(jsonLines<{ auditID: string }>(corpus, 'labels.jsonl').map(({ auditID }) => auditID));
  const isAttack = ({ src, dst, start }: { src: string; dst: string; start: number }): FlowLabel | undefined => labels.find((label) => label.src === src && label.dst === dst && Math.abs(label.start - start) <= 900);
  const findings = await run(corpus, (record) => isAttack({ src: record.sourceAddress, dst: record.destinationAddress, start: record.start }) !== undefined);
  const scenarios = (JSON.parse(readFileSync(path.join(corpus, 'scenarios.json'), 'utf8')) as Scenario[]).filter(({ egress }) => egress === true);
  const withTraffic = findings.filter(({ severity, evidence }) => severity !== 'low' && evidence.some(({ srcAddr }) => srcAddr !== undefined));
  const scenariosOf = ({ evidence }: Finding): Set<string> => new Set(evidence.flatMap(({ srcAddr: src = '', dstAddr: dst = '', start = 0 }) => isAttack({ src, dst, start })?.scenario ?? []));
  const labelled = ({ evidence }: Finding): number => evidence.filter(({ auditId, srcAddr: src = '', dstAddr: dst = '', start = 0 }) => requests.has(auditId) || isAttack({ src, dst, start }) !== undefined).length;
  process.stdout.write(`${path.basename(corpus)}\n`);
  for (const { id, identities } of scenarios) {
    const found = withTraffic.filter((finding) => scenariosOf(finding).has(id));
    const workloads = new Set(found.flatMap(({ evidence }) => evidence.flatMap(({ workload }) => workload ?? [])));
    process.stdout.write(`  ${id.padEnd(20)} ${found.length > 0 ? `found: ${found.map(({ severity, score }) => `${severity} ${score.toFixed(1)}`).join(', ')}; sent by ${[...workloads].join(', ')}` : 'missed'} (${identities.join(', ')})\n`);
  }
  const falses = withTraffic.filter((finding) => labelled(finding) / finding.evidence.length < 0.25);
  process.stdout.write(`  false findings with traffic: ${String(falses.length)}\n${falses.map(({ identity, severity, score, title }) => `    ${severity} ${score.toFixed(1)} of ${identity}: ${title}\n`).join('')}`);
}

async function run(corpus: string, isAttack: (record: FlowRecord) => boolean): Promise<Finding[]> {
  const [state, findings] = [new MemoryStateStore(), new MemoryFindingStore()];
  const engine = new Engine({ state, findings });
  const egress = new Egress(engine, state, { destinations: new Destinations() });
  const items: LogItem[] = [];
  for await (const item of (await AuditFiles.open([corpus])).items()) {
    if (item.kind !== 'flow') items.push(item);
    else if (hash32(JSON.stringify(item.record)) / 2 ** 32 >= lost) {
      const record = isAttack(item.record) ? { ...item.record, bytes: Math.round(item.record.bytes * left) } : item.record;
      items.push({ ...item, record, time: item.time + lateMs });
    }
  }
  items.sort((one, other) => one.time - other.time);
  for await (const { cluster, events, records } of cutItems(Readable.from(items), path.basename(corpus))) {
    await egress.learnAddresses(cluster, events);
    await engine.process({ cluster, events });
    if (records.length > 0) await egress.process(cluster, records);
  }
  return findings.query({ limit: Number.MAX_SAFE_INTEGER });
}

function jsonLines<Line>(corpus: string, file: string): Line[] {
  return readFileSync(path.join(corpus, file), 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Line);
}
