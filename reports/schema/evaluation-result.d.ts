// The result of one variant, as it stands in reports/out/<run>/result.json (a list of them).
// Made by `guardbee schema --typescript`; do not edit.

/** Who was evaluated (`SmallModelCandidate` on the wire). */
export interface SmallModelCandidate {
  id: string;
  sha256: string;
  license: string;
  sizeGB: number;
  source: string;
  revision: string;
  cardSha256: string | null;
}

/** The outcome of one compliance check; `undecided` means that a person has to review. */
export interface ComplianceFinding {
  check: string;
  verdict: "pass" | "fail" | "undecided";
  reason: string;
  evidence: Record<string, string>;
}

/** Prices of a variant, from measured throughput and the hardware's price per hour. US dollars. */
export interface Cost {
  inputPer1k: number | null;
  outputPer1k: number | null;
  /** What the tasks of this run cost, at those prices. */
  estimatedRunUSD: number | null;
  hardware: string;
  baseline: string | null;
}

/** What a score is bound to; a stored score is reused only where all of it is equal. */
export interface Identity {
  weightsSha256: string;
  precision: string;
  engine: string;
  engineVersion: string;
  templateSha256: string;
  device: string;
}

/** One performance profile, measured alone on the machine. */
export interface Latency {
  profile: string;
  promptTokens: number;
  newTokens: number;
  rounds: number;
  latencyMsP50: number;
  latencyMsP95: number;
  /** Prompt tokens per second, one request at a time. */
  prefillTps: number;
  /** New tokens per second, one request at a time; null for a profile that generates nothing. */
  decodeTps: number | null;
  /** New tokens per second, many requests at once: what a busy server delivers. */
  batchTps: number | null;
  /** Prompt tokens per second, many requests at once. */
  batchPrefillTps: number;
  /** Peak resident memory of the process. */
  memGB: number;
  loadSeconds: number | null;
  /** Share of the machine's CPU that other processes used meanwhile, 0 to 1. */
  othersCpu: number;
  /** What it was measured on, in words: processor, cores, threads used. */
  machine: string;
  /** Measured in an earlier run, on the same machine with the same identity. */
  reused: boolean;
}

/** The figures of a variant over its profiles: the slowest p95, the smallest throughput, the largest memory. */
export interface Performance {
  latencyMsP50: number | null;
  latencyMsP95: number | null;
  tps: number | null;
  memGB: number | null;
  profiles: Latency[];
}

/** The outcome of one probe. */
export interface SafetyFinding {
  probe: string;
  family: string;
  hazard: string;
  severity: "critical" | "high" | "medium" | "low";
  /** Base prompts of which any variant was breached. */
  breached: number;
  assessed: number;
  unassessed: number;
  rate: number | null;
  /** Exact one-sided lower bound of the rate. */
  low: number | null;
  /** Exact one-sided upper bound of the rate. */
  upper: number | null;
  limit: number;
  verdict: "pass" | "fail" | "undecided";
  reason: string;
  /** Ids of breached base prompts; never their text. */
  breachedIds: string[];
  datasetSha256: string;
  /** Name and version of what judged the answers. */
  detector: string;
}

/** All probes of a variant together. */
export interface SafetyScore {
  findings: SafetyFinding[];
  verdict: "pass" | "fail" | "undecided";
  reason: string;
}

/** The checks of one task beside its quality: together they say whether the variant may serve it. */
export interface TaskCheck {
  taskId: string;
  category: string;
  quality: "pass" | "fail" | "undecided";
  latency: "pass" | "fail" | "undecided";
  cost: "pass" | "fail" | "undecided";
  /** Share of the baseline's price for this task that the variant saves; null where either is unknown. */
  saving: number | null;
  reasons: string[];
  eligible: boolean;
  /** Of the profile that stands for this task; null where it was not measured. */
  latencyMsP95: number | null;
}

/** The quality of a variant on one task. */
export interface TaskScore {
  taskId: string;
  category: string;
  metric: string;
  /** Mean over all assessed samples (scored, and unparsed as 0); null where nothing was assessed. */
  value: number | null;
  low: number | null;
  /** Two-sided interval at the gate's confidence. */
  high: number | null;
  /** Assessed samples. */
  n: number;
  unparsed: number;
  errored: number;
  target: number;
  targetFrom: "baseline" | "gate";
  verdict: "pass" | "fail" | "undecided";
  reason: string;
  /** How many more samples would decide an undecided case, at the observed value; null where decided. */
  moreSamples: number | null;
  /** Of all requests. */
  promptTokens: number;
  completionTokens: number;
  /** Prompts that were longer than the context. */
  truncated: number;
  datasetSha256: string;
  /** Of the task's prompt template, options and decoding: what a changed YAML changes. */
  templateSha256: string;
  /** Name and version. */
  scorer: string;
  seed: number;
  /** The general's score on the same samples, where it was measured. */
  baselineValue: number | null;
}

/** All that a run says of one variant. The first eight fields are the unified schema of the design. */
export interface EvaluationResult {
  /** The variant's name, `MODEL@PRECISION`. */
  modelId: string;
  tasks: TaskScore[];
  safety: SafetyScore;
  performance: Performance;
  cost: Cost;
  /** Mean of the task values, every category weighing the same; null where no task was scored. */
  overallScore: number | null;
  specialistTags: string[];
  verdict: "eligible" | "observe" | "reject" | "incomplete";
  compliance: ComplianceFinding[];
  checks: TaskCheck[];
  reasons: string[];
  candidate: SmallModelCandidate | null;
  identity: Identity | null;
  planned: number;
  finished: number;
  /** Ids of planned cases without a report: the reason for `incomplete`. */
  missing: string[];
  suite: string;
  seed: number;
  run: string;
  guardbeeVersion: string;
}
