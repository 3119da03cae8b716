import {save} from "./download.js";
import {useStyles} from "./styles.js";

/** A reader's own words on features, kept in the browser. */
export interface FeatureNotes extends HTMLElement {
  /** Shows the note of a feature. */
  show(feature: string): void;
}

/**
 * A note for each feature, kept in this browser for this site, and all of them as a file.
 *
 * @param key Names the recording, with the site's own base path.
 */
export function featureNotes(key: string, storage: Storage = localStorage): FeatureNotes {
  useStyles();
  const element = document.createElement("div");
  element.className = "w-note";
  const [label, text, below] = ["label", "textarea", "div"].map((tag) =>
    document.createElement(tag)
  ) as [HTMLLabelElement, HTMLTextAreaElement, HTMLDivElement];
  text.rows = 2;
  const status = document.createElement("small");
  status.setAttribute("role", "status");
  const exporting = Object.assign(document.createElement("button"), {
    ...{type: "button", className: "w-button", textContent: "Export notes"}
  });
  below.append(exporting, status);
  element.append(label, text, below);
  let feature = "";
  const read = (): Record<string, string> => notesOf(storage.getItem(key));
  const count = () => {
    const kept = Object.keys(read()).length;
    status.textContent = kept === 0 ? "kept in this browser only" : `${kept} kept in this browser`;
    exporting.disabled = kept === 0;
  };
  text.addEventListener("input", () => {
    const notes = read();
    if (text.value.trim() === "") delete notes[feature];
    else notes[feature] = text.value;
    try {
      storage.setItem(key, JSON.stringify(notes));
      count();
    } catch (error) {
      status.textContent = `The note could not be kept: ${(error as Error).message}`;
    }
  });
  exporting.addEventListener("click", () =>
    save("feature-notes.json", JSON.stringify(read(), null, 2), "application/json")
  );
  return Object.assign(element, {
    show(next: string) {
      feature = next;
      label.textContent = `Your note on ${next}`;
      text.id = "w-note-text";
      label.htmlFor = text.id;
      text.value = read()[next] ?? "";
      count();
    }
  });
}

/** Notes as they were kept; what is no set of notes is none. */
export function notesOf(kept: string | null): Record<string, string> {
  try {
    const json: unknown = JSON.parse(kept ?? "{}");
    if (typeof json !== "object" || json === null || Array.isArray(json)) return {};
    return Object.fromEntries(
      Object.entries(json as Record<string, unknown>).filter(
        (entry): entry is [string, string] => typeof entry[1] === "string"
      )
    );
  } catch {
    return {};
  }
}
