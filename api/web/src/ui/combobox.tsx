/** A field that completes words of the vocabulary: the ARIA pattern of an editable combobox with a list.

 Its own, as the one of React Aria injects a style element, which the page's policy forbids, and empties
 its text where the chosen word is not among the words just found. */

import { useEffect, useId, useRef, useState } from "react";
import { t } from "../catalogue/index.ts";
import type { Word } from "../contract.ts";
import type { Wiring } from "./field.tsx";

type Found = { is: "none" | "failed" } | { is: "words"; words: Word[] };
type Props = {
  wiring: Wiring;
  value: string;
  /** The chosen word in full, once it is known. */
  word: Word | null;
  find(typed: string): Promise<Word[]>;
  choose(word: Word): void;
  /** An emptied field means: nothing is chosen. Without this the former choice comes back. */
  clear?: (() => void) | undefined;
};

const PAUSE = 120;

export function Combobox({ wiring, value, word, find, choose, clear }: Props) {
  const [typed, type] = useState<string | null>(null);
  const [found, tell] = useState<Found>({ is: "none" });
  const [active, activate] = useState(0);
  const [open, setOpen] = useState(false);
  const list = useId();
  const turn = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const box = useRef<HTMLUListElement>(null);
  const words = found.is === "words" ? found.words : [];

  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    box.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);

  function search(text: string, pause = PAUSE) {
    const mine = ++turn.current;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      find(text).then(
        (answer) => mine === turn.current && (tell({ is: "words", words: answer }), activate(0)),
        () => mine === turn.current && tell({ is: "failed" }),
      );
    }, pause);
  }

  function show() {
    if (open) return;
    setOpen(true);
    search(typed ?? "", 0);
  }

  function close() {
    turn.current += 1;
    clearTimeout(timer.current);
    setOpen(false);
    type(null);
    tell({ is: "none" });
  }

  function pick(chosen: Word | undefined) {
    if (chosen === undefined) return;
    choose(chosen);
    close();
  }

  /** Leaving: an id that was typed in full is a choice; nothing at all is one where that may be. */
  function leave() {
    const exact = words.find((each) => typed !== null && (each.id === typed.trim() || each.label === typed.trim()));
    if (exact) pick(exact);
    else {
      if (typed?.trim() === "" && clear) clear();
      close();
    }
  }

  function press(event: React.KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (!open) show();
      else if (words.length > 0) activate((active + step + words.length) % words.length);
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      pick(words[active]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  }

  return (
    <div className="combobox">
      <input
        {...wiring}
        role="combobox"
        autoComplete="off"
        spellCheck={false}
        aria-autocomplete="list"
        aria-expanded={open && words.length > 0}
        aria-controls={list}
        aria-activedescendant={open && words.length > 0 ? `${list}-${active}` : undefined}
        placeholder={t("search")}
        value={typed ?? word?.label ?? value}
        onChange={(event) => {
          type(event.target.value);
          setOpen(true);
          search(event.target.value);
        }}
        onFocus={(event) => event.target.select()}
        onClick={show}
        onKeyDown={press}
        onBlur={leave}
      />
      {value !== "" && <code className="id">{value}</code>}
      <ul id={list} role="listbox" aria-label={t("search")} ref={box} hidden={!open || words.length === 0}>
        {words.map((each, index) => (
          <li
            key={each.id}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === active}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => pick(each)}
          >
            <strong>{each.label}</strong> <code>{each.id}</code>
            {each.definition && <span className="hint">{each.definition}</span>}
          </li>
        ))}
      </ul>
      <span className="heard" role="status">
        {open && found.is === "words" && (words.length > 0 ? t("found", { n: words.length }) : t("found.none"))}
      </span>
      {open && found.is === "words" && words.length === 0 && <span className="hint" aria-hidden="true">{t("found.none")}</span>}
      {open && found.is === "failed" && <span className="hint" role="alert">{t("found.failed")}</span>}
    </div>
  );
}
