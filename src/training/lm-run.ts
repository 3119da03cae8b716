import type {HostTensor} from "../model/weights.js";
import {gpt2Tensors} from "./gpt2-tensors.js";
import type {LmConfig} from "./lm-config.js";
import {openTrainer} from "./lm-trainer.js";
import {endsOf, fallStart, keptSteps, learningRate} from "./schedule.js";
import type {Trainer, TrainerState} from "./trainer.js";
import type {Batches} from "./window-order.js";

/** Every step up to this one is logged, and every fiftieth after it. */
const LOGGED_FIRST = 40;
const LOGGED_EVERY = 50;

/** What one step of a run leaves. */
export interface Advanced {
  /** Steps taken, on the way to this budget. */
  readonly step: number;
  /** In tokens. */
  readonly budget: number;
  /** The mean loss, in nats per token, of the steps since the last logged one; only where it is logged. */
  readonly loss?: number;
  /** Weights to keep, by the names of a Hugging Face GPT-2. */
  readonly kept?: {readonly name: string; readonly tensors: ReadonlyMap<string, HostTensor>};
}

/** All that a run needs to go on as if it had never stopped. */
export interface RunState {
  readonly config: LmConfig;
  readonly trainer: TrainerState;
  /** Where the part of constant rate was left for a fall, if it was. */
  readonly trunk?: TrainerState;
  /** Budgets spent. */
  readonly done: number;
  /** Losses since the last logged step. */
  readonly pending: readonly number[];
}

/**
 * A language model's training: the rate stays for as long as the next budget allows, then falls to
 * zero; for the budget after that the run goes on from where the fall began.
 */
export class LmRun {
  readonly #config: LmConfig;
  readonly #batches: Batches;
  readonly #trainer: Trainer;
  #trunk: TrainerState | undefined;
  #done = 0;
  #pending: number[] = [];

  private constructor(config: LmConfig, batches: Batches, trainer: Trainer) {
    this.#config = config;
    this.#batches = batches;
    this.#trainer = trainer;
  }

  /** Begins a run, or goes on with one. */
  static async open(config: LmConfig, batches: Batches, saved?: RunState): Promise<LmRun> {
    const run = new LmRun(config, batches, await openTrainer(config));
    if (saved) {
      run.#trainer.restore(saved.trainer);
      run.#trunk = saved.trunk;
      run.#done = saved.done;
      run.#pending = [...saved.pending];
    }
    return run;
  }

  /** Whether every budget is spent. */
  get finished(): boolean {
    return this.#done === this.#config.budgets.length;
  }

  /** Steps taken on the way to the present budget. */
  get step(): number {
    return this.#trainer.step;
  }

  /** @throws {Error} if the loss is no longer finite. */
  async advance(): Promise<Advanced> {
    const config = this.#config;
    const end = endsOf(config)[this.#done];
    const budget = config.budgets[this.#done];
    const trainer = this.#trainer;
    if (trainer.step >= fallStart(config, end)) this.#trunk ??= await trainer.state();
    const rate = learningRate(config, trainer.step, end);
    const loss = await trainer.advance(this.#batches.at(trainer.step), rate);
    const {step} = trainer;
    if (!Number.isFinite(loss))
      throw new Error(
        `${config.name}: loss must be finite, got ${loss} at step ${step}: a lower rate may help`
      );
    this.#pending.push(loss);
    const logged = step <= LOGGED_FIRST || step % LOGGED_EVERY === 0 || step === end;
    const mean = this.#pending.reduce((sum, value) => sum + value, 0) / this.#pending.length;
    if (logged) this.#pending = [];
    const onTheWay = this.#trunk === undefined && keptSteps(config).has(step);
    const name = step === end ? `budget-${budget}` : onTheWay ? `step-${step}` : null;
    const kept = name === null ? null : {name, tensors: gpt2Tensors(await trainer.weights())};
    if (step === end) this.#turn();
    return {step, budget, ...(logged && {loss: mean}), ...(kept && {kept})};
  }

  async state(): Promise<RunState> {
    return {
      config: this.#config,
      trainer: await this.#trainer.state(),
      trunk: this.#trunk,
      done: this.#done,
      pending: this.#pending
    };
  }

  dispose(): void {
    this.#trainer.dispose();
  }

  /** Goes back to where the fall began, for the next budget. */
  #turn(): void {
    this.#done++;
    if (!this.finished) this.#trainer.restore(this.#trunk!);
    this.#trunk = undefined;
  }
}
