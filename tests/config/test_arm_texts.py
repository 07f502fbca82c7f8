"""What an arm's student may read: documents where it is trained or searches, labels where it is trained."""

from runner.config.arm_texts import read_texts
from runner.data.records import Material
from tests import given


def test_labels_and_documents_are_read_where_they_are_used() -> None:
    material = Material(sections=(given.section("Ada won."),), questions=(given.question("q1"),), labels=(given.label("Who?"),))
    withdrawn = [given.question("q2")]
    asked = ["Who won q1?", "Who won q2?"]
    assert read_texts(material, withdrawn, "Be brief.", False, False) == ["Be brief.", *asked]
    assert read_texts(material, withdrawn, "Be brief.", False, True) == ["Be brief.", "Ada won.", *asked]
    assert read_texts(material, withdrawn, "Be brief.", True, True) == ["Be brief.", "Ada won.", "Who?", "Ada.", *asked]
