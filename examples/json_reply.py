"""Lets the local model fill a JSON Schema from a passage: python examples/json_reply.py FOLDER "At how many bar?" """

import json
import sys
from tempfile import TemporaryDirectory

from evidentia import Library
from evidentia.serving.base import Message, Sampling
from evidentia.serving.constraints import constrain
from evidentia.serving.talk.text import ask, is_served

SCHEMA = {
    "type": "object",
    "properties": {"value": {"type": "number"}, "unit": {"enum": ["bar", "litres", "degrees", "none"]}},
    "required": ["value", "unit"],
    "additionalProperties": False,
}

folder, question = sys.argv[1:]
with TemporaryDirectory() as place, Library(place) as library:
    library.add(folder)
    (passage, *_) = library.search(question, 1)
    model = library.model()
    if not is_served(model):
        sys.exit("an endpoint fills schemas by its own response_format: unset EVIDENTIA_ENDPOINT")
    prompt = model.chat_tokens([Message("user", f"{passage.quote}\n\n{question} Answer in JSON.")])
    constraint = constrain("json_schema", model.vocabulary, SCHEMA)
    reply = ask(model, prompt, Sampling(max_tokens=40), constraint=constraint)
    print(json.loads("".join(piece.text for piece in reply)))
