/** The test projects beside `core`: what each runs, and what its set-up fetches the first time. */
export const OTHER_SUITES = {
  attacks: { runs: 'every attack of docs/security.md, each in a run of its own', fetches: 'nothing' },
  page: { runs: 'the page in a browser', fetches: 'nothing; needs chromium (apt-get install chromium)' },
  presets: { runs: 'whole runs of the sample projects', fetches: 'nothing' },
  'real-agents': { runs: 'five coding agents against scripted models', fetches: '1.4 GB from npm' },
  nanochat: { runs: 'the nanochat preset on a CPU', fetches: '5.8 GB from PyPI (PyTorch)' },
  trackers: {
    runs: 'reporters against MLflow, TensorBoard, W&B and an OpenTelemetry collector',
    fetches: '1 GB from PyPI, and Go modules',
  },
  examples: { runs: 'the packed package, and every folder of examples/', fetches: '0.2 GB from npm' },
  swarm: { runs: 'nodes of a swarm over git remotes, and attacks on them', fetches: 'nothing; uses openssh-server where it is there' },
  ssh: { runs: 'trials over a real sshd', fetches: 'nothing; needs openssh-server' },
  ray: { runs: 'trials on a real Ray in a network namespace, as root', fetches: '0.4 GB from PyPI' },
  slurm: { runs: 'trials as jobs of a real Slurm on this machine', fetches: 'nothing; needs slurm-wlm' },
  site: { runs: 'the documentation built as a site', fetches: '0.1 GB from npm' },
} as const;
