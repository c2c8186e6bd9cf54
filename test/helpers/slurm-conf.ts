interface Place {
  readonly dir: string;
  readonly host: string;
  readonly cpus: number;
  /** In place of others. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** A cluster of one node that is this machine, without a data base of accounts. `urgent` preempts what runs in `main`. */
export function slurmConf({ dir, host, cpus, settings: own }: Place): string {
  const settings = {
    ClusterName: 'test',
    SlurmctldHost: `${host}(127.0.0.1)`,
    SlurmUser: 'root',
    SlurmdUser: 'root',
    AuthType: 'auth/munge',
    AuthInfo: `socket=${dir}/munge/socket`,
    CredType: 'cred/munge',
    StateSaveLocation: `${dir}/state`,
    SlurmdSpoolDir: `${dir}/spool/%n`,
    SlurmctldPidFile: `${dir}/slurmctld.pid`,
    SlurmdPidFile: `${dir}/%n.pid`,
    SlurmctldLogFile: `${dir}/slurmctld.log`,
    SlurmdLogFile: `${dir}/%n.log`,
    SlurmdPort: 17001,
    ProctrackType: 'proctrack/linuxproc',
    TaskPlugin: 'task/none',
    MpiDefault: 'none',
    ReturnToService: 2,
    SelectType: 'select/cons_tres',
    SelectTypeParameters: 'CR_Core',
    SchedulerType: 'sched/backfill',
    PreemptType: 'preempt/partition_prio',
    PreemptMode: 'REQUEUE',
    JobCompType: 'jobcomp/filetxt',
    JobCompLoc: `${dir}/jobcomp.txt`,
    AccountingStorageType: 'accounting_storage/none',
    JobAcctGatherType: 'jobacct_gather/none',
    // More processors than the machine has.
    SlurmdParameters: 'config_overrides',
    // Otherwise batch jobs wait three seconds for others to be scheduled together with them.
    SchedulerParameters: 'batch_sched_delay=0,sched_min_interval=0',
    MinJobAge: 300,
    KillWait: 2,
    SlurmdTimeout: 10,
    SlurmctldTimeout: 10,
    InactiveLimit: 0,
    ...own,
  };
  return [
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
    `NodeName=n1 NodeHostname=${host} NodeAddr=127.0.0.1 Port=17001 CPUs=${cpus} RealMemory=1000 Feature=fast State=UNKNOWN`,
    'PartitionName=main Nodes=n1 Default=YES MaxTime=1-0 State=UP PriorityTier=1',
    'PartitionName=urgent Nodes=n1 MaxTime=1-0 State=UP PriorityTier=10',
    '',
  ].join('\n');
}
