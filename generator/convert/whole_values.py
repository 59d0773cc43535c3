"""A step of pySigma's pipelines that gives regular expressions the form in which a product matches whole values with them."""

# No `from __future__ import annotations`: pySigma reads the annotation of `apply_value` as a type.
from dataclasses import dataclass

from sigma.exceptions import SigmaRegularExpressionError
from sigma.processing.transformations.base import ValueTransformation
from sigma.types import SigmaRegularExpression, SigmaRegularExpressionFlag

from generator.convert.regexes import whole_value


@dataclass
class WholeValueTransformation(ValueTransformation):
    """Gives a rule's regular expressions the form of `whole_value`, where they have one."""

    # pySigma reads from this annotation which values are meant
    def apply_value(self, field: str | None, val: SigmaRegularExpression) -> SigmaRegularExpression | None:  # type: ignore[override]
        """The expression in Lucene's form; None leaves it as it is."""
        if val.flags - {SigmaRegularExpressionFlag.IGNORECASE}:
            return None
        text = whole_value(str(val.regexp), bool(val.flags))
        if text is None:
            return None
        try:
            return SigmaRegularExpression(text)
        except SigmaRegularExpressionError:  # pySigma wants Python's dialect too; the note on the query tells it
            return None
