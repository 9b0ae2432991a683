"""Short texts of many kinds, by which products in eight bits are scaled, compared and timed."""

TEXTS = (
    "The reservoir was drained in 1974, and the three villages that had stood in the valley came to light again; "
    "engineers measured a fall of 12.5 metres within nine days, which nobody had thought possible.",
    'def merge(left, right, *, key=None):\n    """Merge two sorted lists."""\n    out = []\n    while left and right:\n'
    "        out.append((left if key(left[0]) <= key(right[0]) else right).pop(0))\n    return out + left + right",
    "Methylation of the promoter reduced expression of the gene by 43 % (p < 0.001, n = 212) in CD4+ T cells, whereas "
    "inhibition of mTORC1 had no effect on IL-6 or TNF-\u03b1 in vitro.",
    "| Part | Quantity | Price |\n|---|---|---|\n| M4 x 20 bolt | 1,200 | 0.04 EUR |\n| hinge, left | 36 | 3.90 EUR |\n"
    "| hinge, right | 36 | 3.90 EUR |",
    "Press and hold the button for five seconds. If the lamp blinks red, disconnect the charger, remove the battery "
    "and wait for at least one minute. Warning: do not open the case.",
    "$ git rebase -i HEAD~3\nerror: cannot rebase: You have unstaged changes.\nhint: https://example.org/docs/rebase\n"
    '[core]\n\tautocrlf = false\n{"retry": 3, "timeout_ms": 2500, "hosts": ["10.0.0.1"]}',
    "Who is liable when goods are lost at sea?",
    "no",
    "Der Vertrag endet zum 30. Juni, sofern er nicht drei Monate vorher gek\u00fcndigt wird. "
    "\u5317\u4eac\u662f\u4e2d\u56fd\u7684\u9996\u90fd\u3002 \u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440!",
    '"I never said that," she laughed; he looked away, embarrassed, and the whole table went on eating as if the old '
    "quarrel about the orchard, the horse and their grandmother's ring had been settled years ago.",
    "5.2 Termination. Either party may terminate this Agreement upon thirty (30) days' written notice, provided that "
    "clauses 3, 7 and 9.1(b) shall survive; see also Annex II (Data Processing).",
    "the the the the the the the the a a a a , , , , . . . . ! ! ! ! ? ? ? ?",
)
