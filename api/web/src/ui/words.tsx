/** Fields whose values are words of the vocabulary: one, or several. */

import { useEffect, useState } from "react";
import { t } from "../catalogue/index.ts";
import { type Word, words } from "../contract.ts";
import { list, text, useValue } from "../rule/editing.tsx";
import type { Path } from "../tree.ts";
import { Combobox } from "./combobox.tsx";
import { Field } from "./field.tsx";

/** Which words may stand here: a kind of the contract, and for terms the kind of term (`product`, `reason` …). */
export type Scope = { kind: string; of?: string | undefined };

export async function find({ kind, of }: Scope, q: string): Promise<Word[]> {
  const found = await words(kind, q, of === undefined ? {} : { of });
  return of === undefined ? found : found.filter((word) => word.id.startsWith(`${of}:`));
}

/** The word with *id* in full; null until it is known, or where there is none. */
export function useWord(scope: Scope, id: string): Word | null {
  const { kind, of } = scope;
  const [held, hold] = useState<{ id: string; word: Word | null }>({ id: "", word: null });
  useEffect(() => {
    let current = true;
    if (id !== "") {
      find({ kind, of }, id).then(
        (found) => current && hold({ id, word: found.find((word) => word.id === id) ?? null }),
        () => undefined,
      );
    }
    return () => void (current = false);
  }, [kind, of, id]);
  return held.id === id ? held.word : null;
}

type Props = { path: Path; label: string; hint?: string; wide?: boolean; scope: Scope; optional?: boolean };

/** One word. *more* are words that stand nowhere but in this rule, such as its own bases. */
export function WordField({ scope, optional = false, more, chosen, ...field }: Props & { more?: readonly Word[]; chosen?(word: Word): void }) {
  const [value, set] = useValue(field.path);
  const id = text(value);
  const own = more?.find((word) => word.id === id) ?? null;
  const known = useWord(scope, own ? "" : id);
  return (
    <Field {...field} note={(own ?? known)?.definition ?? undefined}>
      {(wiring) => (
        <Combobox
          wiring={wiring}
          value={id}
          word={own ?? known}
          find={async (typed) => [...matching(more ?? [], typed), ...(await find(scope, typed))]}
          choose={(word) => (chosen ? chosen(word) : set(word.id))}
          clear={optional ? () => set(undefined) : undefined}
        />
      )}
    </Field>
  );
}

function matching(words: readonly Word[], typed: string): Word[] {
  const sought = typed.trim().toLowerCase();
  return words.filter((word) => `${word.id} ${word.label}`.toLowerCase().includes(sought));
}

/** Several words; a single one may be written without a list, and stays so. */
export function WordsField({ scope, lone = false, beside, ...field }: Props & { lone?: boolean; beside?: React.ReactNode }) {
  const [value, set] = useValue(field.path);
  const ids = list(value).map(text).filter((id) => id !== "");
  const write = (next: string[]) => set(lone && next.length < 2 ? (next[0] ?? "") : next);
  return (
    <Field {...field}>
      {(wiring) => (
        <>
          {ids.length > 0 && (
            <ul className="chips">
              {ids.map((id) => (
                <Chip key={id} id={id} scope={scope} remove={() => write(ids.filter((each) => each !== id))} />
              ))}
            </ul>
          )}
          <Combobox
            wiring={wiring}
            value=""
            word={null}
            find={(typed) => find(scope, typed)}
            choose={(word) => write([...ids.filter((id) => id !== word.id), word.id])}
          />
          {beside}
        </>
      )}
    </Field>
  );
}

function Chip({ id, scope, remove }: { id: string; scope: Scope; remove(): void }) {
  const word = useWord(scope, id);
  const name = word?.label ?? id;
  return (
    <li>
      <span className="name">{name}</span> <code>{id}</code>{" "}
      <button type="button" className="small" aria-label={t("remove.named", { name })} onClick={remove}>
        ×
      </button>
    </li>
  );
}
