"""What an evaluation found, without any window."""

from tests.ui.evaluated import CLASSES, evaluated, picture, rubbish
from xception_gui.domain.confusions import Confusion
from xception_gui.domain.messages.using import PictureEvaluated
from xception_gui.ui.results import error_analysis

GLASS, PLASTIC = 0, 1


def test_worst_confusion_is_the_most_frequent_mistake():
    matrix = ((90, 2, 0), (5, 30, 1), (4, 0, 3))
    assert error_analysis.worst_confusion(matrix) == Confusion(1, 0, 5, 36)


def test_of_equally_frequent_mistakes_the_one_that_takes_most_of_its_class_is_worst():
    matrix = ((96, 4, 0), (0, 30, 0), (4, 0, 3))
    assert error_analysis.worst_confusion(matrix) == Confusion(2, 0, 4, 7)


def test_without_mistakes_nothing_is_confused_and_the_first_class_with_pictures_is_looked_at():
    matrix = ((0, 0, 0), (0, 7, 0), (0, 0, 9))
    assert error_analysis.worst_confusion(matrix) is None
    assert error_analysis.first_cell(matrix) == (1, 1)


def test_weakest_class_is_the_one_of_which_least_was_found():
    assert error_analysis.weakest_class(evaluated(rubbish(), CLASSES)) == "plastic"  # 2 of 5; trash 1 of 2


def test_a_class_without_pictures_is_not_the_weakest():
    result = evaluated(rubbish(), (*CLASSES, "paper"))
    assert result.per_class["paper"].recall is None
    assert error_analysis.weakest_class(result) == "plastic"


def test_no_class_is_weak_when_everything_was_found():
    right = [one for one in rubbish() if one.label == one.ranking[0]]
    assert error_analysis.weakest_class(evaluated(right, CLASSES)) is None


def test_mistakes_of_a_cell_come_surest_first():
    found = error_analysis.pictures_of_cell(rubbish(), PLASTIC, GLASS)
    assert [one.path for one in found] == [f"/p/plastic/wrong{n}.jpg" for n in (1, 2, 0)]


def test_hits_of_a_cell_come_least_sure_first():
    found = error_analysis.pictures_of_cell(rubbish(), GLASS, GLASS)
    assert [one.path for one in found] == [f"/p/glass/{n}.jpg" for n in (2, 1, 0)]


def test_mistakes_of_a_class_are_those_missed_then_those_wrongly_called_so():
    found = error_analysis.mistakes_of_class(rubbish(), PLASTIC)
    assert [one.path for one in found] == [
        *(f"/p/plastic/wrong{n}.jpg" for n in (1, 2, 0)),
        "/p/trash/wrong.jpg",
    ]


def test_beside_a_mistake_stands_the_right_class_beside_a_hit_the_runner_up():
    mistake = PictureEvaluated("a", 3, (0, 1, 2, 3), (0.5, 0.3, 0.1, 0.02))
    hit = PictureEvaluated("b", 0, (0, 1, 2), (0.5, 0.3, 0.1))
    alone = picture("c", "glass", ("glass", 1.0))
    assert [*map(error_analysis.beside, (mistake, hit, alone))] == [3, 1, None]


def test_of_classes_of_which_as_little_was_found_the_one_that_is_named_wrongly_more_often_is_weaker():
    classes = ("glass", "metal", "paper")
    pictures = [
        *(picture(f"m{n}", "metal", (said, 0.9), classes=classes) for n, said in enumerate(("metal", "paper"))),
        *(picture(f"p{n}", "paper", (said, 0.9), classes=classes) for n, said in enumerate(("paper", "glass"))),
        picture("g", "glass", ("glass", 0.9)),
    ]
    result = evaluated(pictures, classes)
    assert result.per_class["metal"].recall == result.per_class["paper"].recall == 0.5
    assert error_analysis.weakest_class(result) == "paper"


def test_without_any_picture_the_first_cell_is_looked_at():
    assert error_analysis.first_cell(((0, 0), (0, 0))) == (0, 0)
