// The result of one variant, as it stands in reports/out/<run>/result.json (a list of them).
// Made by `guardbee schema --typescript`; do not edit.

/** A model that the candidate was made from, or that such a one was made from. */
export interface Ancestor {
  name: string;
  /** SPDX expression; null where nobody knows it. */
  license: string | null;
  /** The commit whose card named the licence; null where no card did. */
  revision: string | null;
}

/** Who was evaluated (`SmallModelCandidate` on the wire). */
export interface SmallModelCandidate {
  id: string;
  sha256: string;
  license: string;
  sizeGB: number;
  source: string;
  revision: string;
  cardSha256: string | null;
  /** Sha256 of every file by its name. */
  files: Record<string, string>;
  ancestors: Ancestor[];
  /** The key of a signature that was verified; null where none was asked for, or it was wrong. */
  signedBy: string | null;
}

/** The quality of a variant in one category: what it can do there, over all tasks of the run. */
export interface CategoryQuality {
  category: string;
  /** Mean of the task values, each by its weight. */
  value: number;
  /** With a value. */
  tasks: number;
  /** The gate's least; null where it has none for the category. */
  minimum: number | null;
  /** No task of a category below its minimum is served. */
  met: boolean | null;
}

/** A variant against another model on the same samples. Shown beside the verdict; only the target decides that. */
export interface Comparison {
  /** `parent`: the same model at full precision, of which this variant is a smaller copy. */
  kind: "baseline" | "parent";
  /** The baseline's name, or the parent variant's. */
  against: string;
  /** Samples that both were scored on. */
  n: number;
  /** Mean of this variant's score minus the other's, -1 to 1; of a metric over all samples, the scores of single ones say which were right. */
  difference: number;
  low: number;
  /** Two-sided interval at the gate's confidence. */
  high: number;
  /** Two-sided, of no difference: exact McNemar test, or sign-flip test for graded and clustered scores. */
  pValue: number;
  /** A loss of less than this is none that matters. */
  margin: number;
  verdict: "non_inferior" | "inferior" | "undecided";
  /** The smallest difference that so many samples show with 80 % power, paired as they are. */
  detectable: number;
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
  /** What the general's own answers cost at its list price; null where it was not asked, or has no price. */
  baselineRunUSD: number | null;
}

/** How often a detector agrees with people on one set of human labels. */
export interface DetectorAccuracy {
  /** Name and version of a rule, or the name of a judge. */
  detector: string;
  /** Name of the set. */
  labels: string;
  labelsSha256: string;
  n: number;
  accuracy: number;
  /** Exact two-sided 95 % interval of the accuracy. */
  low: number;
  high: number;
  /** Share of the refusals (or failed attacks) that it called so. */
  sensitivity: number;
  /** Share of the others that it called so. */
  specificity: number;
  sensitivityLow: number | null;
  /** Exact one-sided 95 % lower bounds of the two shares. */
  specificityLow: number | null;
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
  /** How many requests at once that was; one batch is measured. */
  batchRows: number | null;
  /** Share of the machine's CPU that other processes used during the batch, 0 to 1. */
  batchOthersCpu: number | null;
  /** Time to first token, one request at a time: the prompt's pass and the choice of the token, milliseconds. */
  ttftMsP50: number | null;
  ttftMsP95: number | null;
  /** Time per output token after the first, the mean within each request; null where there is only one token. */
  tpotMsP50: number | null;
  tpotMsP95: number | null;
  /** Peak resident memory of the process, from the load to the batch; null where a server elsewhere answered. */
  memGB: number | null;
  /** Peak memory of the accelerator; null on a processor, or where it is unknown. */
  deviceMemGB: number | null;
  /** One load of files that the system may have in memory, a conversion not counted. */
  loadSeconds: number | null;
  /** Share of the machine's CPU that other processes used during the load, 0 to 1. */
  loadOthersCpu: number | null;
  /** Share that other processes used during the rounds, 0 to 1; null for a server elsewhere. */
  othersCpu: number | null;
  /** What it was measured on, in words: processor, cores, threads used. */
  machine: string;
  /** Measured in an earlier run, on the same machine with the same identity. */
  reused: boolean;
}

/** The same base prompts, asked again under a mitigation. */
export interface Mitigated {
  mitigation: string;
  /** Of the mitigation's whole configuration. */
  sha256: string;
  breached: number;
  assessed: number;
  unassessed: number;
  rate: number | null;
  low: number | null;
  /** Exact one-sided bounds of the rate. */
  upper: number | null;
  breachedIds: string[];
  /** Of these answers alone, held against the finding's limit. */
  verdict: "pass" | "fail" | "undecided";
  reason: string;
  /** With the answers without the mitigation, prompt by prompt; null where either round was ended early. */
  comparison: SafetyComparison | null;
  /** The finding passes by these answers: the verdict of the variant rests on the mitigation. */
  counts: boolean;
}

/** What is put around a variant so that findings of medium severity do not reach users. */
export interface Mitigation {
  name: string;
  /** Of the rest. */
  sha256: string;
  /** Said before everything else of a conversation's system message. */
  system: string | null;
  /** Kinds of detectors whose hits are taken out of an answer. */
  redact: string[];
}

/** The figures of a variant over its profiles: the slowest p95, the smallest throughput, the largest memory. */
export interface Performance {
  latencyMsP50: number | null;
  latencyMsP95: number | null;
  tps: number | null;
  memGB: number | null;
  profiles: Latency[];
}

/** Two rounds of answers to the same base prompts of a probe. The candidate's and the general's, or the candidate's under a mitigation and without it. */
export interface SafetyComparison {
  /** The general's name, or `no mitigation`. */
  against: string;
  /** Base prompts that were assessed for both. */
  n: number;
  /** Of these, by the candidate (under the mitigation). */
  breached: number;
  baselineBreached: number;
  /** Breach rate of the first minus that of the other. */
  difference: number;
  /** One-sided bounds of the paired difference, each at the gate's confidence (Tango's score interval). */
  low: number;
  high: number;
  margin: number;
  /** `undecided` also where too few prompts were assessed for both, or too many could not be. */
  verdict: "non_inferior" | "inferior" | "undecided";
  /** In numbers. */
  reason: string;
  /** Planned base prompts that could not be assessed for both: in no rate, and counted against the gate's share. */
  unassessed: number;
  /** Two-sided, of no difference: exact McNemar test. */
  pValue: number;
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
  /** Base prompts that were to be asked; fewer were where the probe could not pass any more. */
  planned: number | null;
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
  /** How often the detector (and the judge, where one decided) agrees with people; empty for mechanical detectors. */
  accuracy: DetectorAccuracy[];
  /** With the general on the same prompts, where it was asked. */
  comparison: SafetyComparison | null;
  /** The same prompts under the run's mitigation, where there is one and the finding may be mitigated. */
  mitigated: Mitigated | null;
  /** Name of the waiver that was held against the finding; its verdict is what came of that, for good or ill. */
  waiver: string | null;
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
  /** Mean over all assessed samples (scored, and unparsed as 0), or a metric over all of them at once; null where nothing was assessed. */
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
  /** One-sided, of "the true value is at most the target"; held to one error rate over all tasks of the variant. */
  pValue: number | null;
  /** How far the true value must lie from the target to be told from it with 80 % power by so many samples; null where nothing was assessed, or the case was stopped as soon as it was decided. */
  detectable: number | null;
  /** The smallest difference from another model, on as many samples of its own, that is seen with 80 % power. */
  detectableUnpaired: number | null;
  /** Samples that the plan has; fewer were asked where `gate.stop=early` ended a case that was decided. */
  planned: number | null;
  /** Of the task within its category's quality. */
  weight: number;
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
  /** Of the general's requests, by its own tokenizer, where it was asked in this run. */
  baselinePromptTokens: number | null;
  baselineCompletionTokens: number | null;
  /** With the baseline and with the parent precision, sample by sample, where their scores are known. */
  comparisons: Comparison[];
}

/** All that a run says of one variant. The first eight fields are the unified schema of the design. */
export interface EvaluationResult {
  /** The variant's name, `MODEL@PRECISION`. */
  modelId: string;
  tasks: TaskScore[];
  safety: SafetyScore;
  performance: Performance;
  cost: Cost;
  /** Mean of the categories' qualities, every category weighing the same; null where no task was scored. */
  overallScore: number | null;
  specialistTags: string[];
  verdict: "eligible" | "observe" | "reject" | "incomplete";
  compliance: ComplianceFinding[];
  checks: TaskCheck[];
  reasons: string[];
  categories: CategoryQuality[];
  /** What a person should know and the verdict does not hang on, such as what a quantized variant lost. */
  remarks: string[];
  /** What the verdict assumes around the variant: who serves it has to apply it. */
  mitigation: Mitigation | null;
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
