/** Where an island begins: an element of the page, with what the server brings as JSON inside it. */

import { Component, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { t } from "../catalogue/index.ts";
import "../style.css";

/** Mount *island* on every element `data-island="name"`; what the element showed before goes once it stands. */
export function mount<T>(name: string, island: (brought: T) => ReactNode): void {
  for (const element of document.querySelectorAll<HTMLElement>(`[data-island="${name}"]`)) {
    const held = element.querySelector('script[type="application/json"]')?.textContent;
    if (!held) throw new Error(`the island ${name} has no data`);
    const brought = JSON.parse(held) as T;
    createRoot(element).render(<Guard>{island(brought)}</Guard>);
  }
}

/** A fault of the editor is told in its place; work is on this machine or saved already. */
class Guard extends Component<{ children: ReactNode }, { why: string | null }> {
  override state = { why: null };

  static getDerivedStateFromError(error: unknown) {
    return { why: String(error) };
  }

  override render() {
    const { why } = this.state;
    return why === null ? this.props.children : <p role="alert">{t("failed", { why })}</p>;
  }
}
