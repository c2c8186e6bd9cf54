import type { Preflight } from '../../../src/plugin.ts';
import type { RayClient } from './client.ts';
import { wantedOf, type NeedsOptions } from './needs.ts';

/** The first version whose Jobs API takes resources for the entrypoint. */
const OLDEST = [2, 9] as const;

interface Options extends NeedsOptions {
  readonly address: string;
}

/** Checks that Ray answers to this token, and that one of its machines has the resources of a trial. */
export async function verifyCluster(client: RayClient, options: Options, preflight: Preflight): Promise<void> {
  const { address } = options;
  try {
    const { status, text } = await client.ask('GET', 'api/version');
    if (status === 401 || status === 403) {
      const hint = 'set RAY_AUTH_TOKEN, or RAY_AUTH_TOKEN_PATH, or tokenEnv or tokenFile of the trainer';
      return preflight.problem('RAY_TOKEN', `${address} does not take the token, or wants one (${status})`, hint);
    }
    const version = status === 200 ? versionIn(text) : null;
    if (version === null) {
      const hint = 'address is that of the dashboard, such as http://head:8265';
      return preflight.problem('RAY_UNREACHABLE', `${address} answers, but not as a Ray dashboard (${status})`, hint);
    }
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
      return preflight.problem('RAY_UNREACHABLE', `${address} is Ray ${version}`, `it must be ${OLDEST.join('.')} or newer`);
    await verifyNeeds(client, options, preflight);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    preflight.problem('RAY_UNREACHABLE', text, `is the dashboard there, and reached from here? curl ${address}/api/version`);
  }
}

async function verifyNeeds(client: RayClient, options: Options, preflight: Preflight): Promise<void> {
  const nodes = await readNodes(client);
  if (nodes === null) return preflight.warning('this Ray does not tell what its machines have, so nobody knows whether a trial fits');
  const wanted = Object.entries(wantedOf(options));
  if (nodes.some((node) => wanted.every(([name, amount]) => (node[name] ?? 0) >= amount))) return;
  const most = wanted.map(([name]) => `${name} ${Math.max(0, ...nodes.map((node) => node[name] ?? 0))}`).join(', ');
  const text = `no machine of ${options.address} has what a trial needs (${wanted.map((each) => each.join(' ')).join(', ')}); the most there is: ${most}`;
  // Where machines are started on demand, none may be there yet.
  if (await isElastic(client)) preflight.warning(`${text}. It waits until one is started`);
  else preflight.problem('RAY_RESOURCES', text, 'ask for less, or wait until such a machine has joined');
}

type Resources = Readonly<Record<string, number>>;

/** What the machines that are alive have in all. */
async function readNodes(client: RayClient): Promise<Resources[] | null> {
  const { status, text } = await client.ask('GET', 'api/v0/nodes?detail=1&limit=10000');
  if (status !== 200) return null;
  const answer = JSON.parse(text) as { data?: { result?: { result?: { state: string; resources_total: Resources }[] } } };
  return answer.data?.result?.result?.filter(({ state }) => state === 'ALIVE').map((node) => node.resources_total) ?? null;
}

async function isElastic(client: RayClient): Promise<boolean> {
  const { status, text } = await client.ask('GET', 'api/cluster_status');
  if (status !== 200) return true;
  const { data } = JSON.parse(text) as { data?: { clusterStatus?: { autoscalerReport?: { legacy?: boolean } } | null } };
  // What a cluster of fixed machines has in place of an autoscaler.
  return data?.clusterStatus?.autoscalerReport?.legacy !== true;
}

function versionIn(text: string): string | null {
  try {
    const { ray_version: version } = JSON.parse(text) as { ray_version?: unknown };
    return typeof version === 'string' ? version : null;
  } catch {
    return null;
  }
}
