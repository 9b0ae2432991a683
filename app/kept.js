// The turns of this tab, so that a reload shows them again. They lie in the tab's own storage and go with it.

const KEY = "evidentia-turns";
const MOST = 30;

export function keptTurns() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
  } catch {
    return [];
  }
}

// The oldest make room where the storage is full.
export function keepTurn(turn) {
  for (let turns = [...keptTurns(), turn].slice(-MOST); turns.length; turns = turns.slice(1)) {
    try {
      return sessionStorage.setItem(KEY, JSON.stringify(turns));
    } catch { /* full: one less */ }
  }
}

export const forgetTurns = () => sessionStorage.removeItem(KEY);
