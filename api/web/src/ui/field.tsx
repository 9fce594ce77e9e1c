/** A labelled control with its hint and what is wrong with it. */

import { type ReactNode, useId, useState } from "react";
import { type Key, t } from "../catalogue/index.ts";
import type { Diagnostic } from "../contract.ts";
import { numberOf, plainly } from "../numbers.ts";
import { dotted, type Path, type Plain } from "../tree.ts";
import { text, useFaults, useValue } from "../rule/editing.tsx";

export type Wiring = { id: string; "aria-describedby"?: string; "aria-invalid"?: true };
type FieldProps = {
  path: Path;
  label: string;
  hint?: string | undefined;
  /** What the chosen value means: below the control, so that controls of a row stay level. */
  note?: string | undefined;
  wide?: boolean;
  deep?: boolean;
  children(wiring: Wiring): ReactNode;
};

export function Field({ path, label, hint, note, wide = false, deep = true, children }: FieldProps) {
  const id = useId();
  const faults = useFaults(path, deep);
  const described = [hint && `${id}-hint`, note && `${id}-note`, faults.length > 0 && `${id}-faults`].filter(Boolean).join(" ");
  const wiring: Wiring = {
    id,
    ...(described && { "aria-describedby": described }),
    ...(faults.some((fault) => fault.severity === "error") && { "aria-invalid": true as const }),
  };
  return (
    <div className={wide ? "field wide" : "field"} data-path={dotted(path)}>
      <label htmlFor={id}>{label}</label>
      {hint && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {children(wiring)}
      {note && (
        <span className="hint" id={`${id}-note`}>
          {note}
        </span>
      )}
      <Faults faults={faults} id={`${id}-faults`} />
    </div>
  );
}

export function Faults({ faults, id }: { faults: readonly Diagnostic[]; id?: string }) {
  if (faults.length === 0) return null;
  return (
    <ul className="faults" id={id}>
      {faults.map((fault) => (
        <li className={fault.severity} key={`${fault.code} ${fault.message}`}>
          {t(`severity.${fault.severity}`)}: {fault.message}
          {fault.help && <span className="mend"> {fault.help}</span>}
        </li>
      ))}
    </ul>
  );
}

type Simple = { path: Path; label: string; hint?: string; wide?: boolean; optional?: boolean };

/** A line, or with *lines* several lines, of text. An empty text takes an *optional* key away. */
export function TextField({ lines, optional = false, ...field }: Simple & { lines?: number }) {
  const [value, set] = useValue(field.path);
  const change = (typed: string) => set(optional && typed === "" ? undefined : typed);
  return (
    <Field {...field}>
      {(wiring) =>
        lines === undefined ? (
          <input {...wiring} value={text(value)} onChange={(event) => change(event.target.value)} />
        ) : (
          <textarea {...wiring} rows={lines} value={text(value)} onChange={(event) => change(event.target.value)} />
        )
      }
    </Field>
  );
}

export function DateField({ optional = true, ...field }: Simple) {
  const [value, set] = useValue(field.path);
  const change = (typed: string) => set(optional && typed === "" ? undefined : typed);
  return (
    <Field {...field}>
      {(wiring) => <input {...wiring} type="date" value={text(value)} onChange={(event) => change(event.target.value)} />}
    </Field>
  );
}

/** A number. What is typed and is no number goes to the desk as it is, which says what is wrong with it. */
export function NumberField({ optional = false, ...field }: Simple) {
  const [value, set] = useValue(field.path);
  return (
    <Field {...field}>{(wiring) => <NumberInput wiring={wiring} value={value} optional={optional} set={set} />}</Field>
  );
}

type NumberProps = { wiring: Wiring; value: Plain | undefined; optional: boolean; set(value: Plain | undefined): void };

function NumberInput({ wiring, value, optional, set }: NumberProps) {
  const [typed, type] = useState<{ text: string; of: Plain | undefined } | null>(null);
  const shown = typed !== null && typed.of === value ? typed.text : typeof value === "number" ? plainly(value) : text(value);
  const change = (now: string) => {
    const next = now === "" && optional ? undefined : (numberOf(now) ?? now);
    type({ text: now, of: next });
    set(next);
  };
  return <input {...wiring} inputMode="decimal" dir="ltr" value={shown} onChange={(event) => change(event.target.value)} />;
}

type SelectProps = Simple & { options: readonly string[]; named(option: string): string; absent?: string };

/** One of a few. With *absent*, that choice is said by leaving the key away. */
export function SelectField({ options, named, absent, ...field }: SelectProps) {
  const [value, set] = useValue(field.path);
  const held = value === undefined ? (absent ?? "") : String(value);
  const shown = held === "" || options.includes(held) ? options : [held, ...options];
  return (
    <Field {...field}>
      {(wiring) => (
        <select {...wiring} value={held} onChange={(event) => set(event.target.value === absent ? undefined : event.target.value)}>
          {held === "" && !options.includes("") && <option value="">{t("choose")}</option>}
          {shown.map((option) => (
            <option key={option} value={option}>
              {options.includes(option) ? named(option) : option}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Yes or no; *absent* is what a missing key means. */
export function FlagField({ path, label, absent = false, yes = "yes", no = "no" }: Simple & { absent?: boolean; yes?: Key; no?: Key }) {
  const [value, set] = useValue(path);
  const name = useId();
  const held = typeof value === "boolean" ? value : absent;
  return (
    <fieldset className="field flag" data-path={dotted(path)}>
      <legend>{label}</legend>
      {[true, false].map((option) => (
        <label key={String(option)}>
          <input type="radio" name={name} checked={held === option} onChange={() => set(option)} /> {t(option ? yes : no)}
        </label>
      ))}
      <Faults faults={useFaults(path)} />
    </fieldset>
  );
}
