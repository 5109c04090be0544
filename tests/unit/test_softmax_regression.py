"""Quick's head: the same solution as scikit-learn's, by whichever way it is found."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from xception_gui.domain import metrics
from xception_gui.domain.architecture import XCEPTION
from xception_gui.inference import softmax_regression
from xception_gui.inference.head import Head, columns_of, probabilities, softmax
from xception_gui.inference.lbfgs import minimize
from xception_gui.inference.scaling import as_float32, measure_scaling, row_slices
from xception_gui.inference.softmax_regression import (
    L2_STRENGTHS,
    PrincipalAxes,
    choose_strength,
    fit_head,
    fit_in_blocks,
    fit_on_axes,
    never,
)


def embeddings_of(
    pictures: int, classes: int, *, size: int = XCEPTION.embedding_size, seed: int = 0, noise: float = 2.0
) -> tuple[np.ndarray, np.ndarray]:
    """Embeddings with a few directions that tell the classes apart, non-negative and unevenly scaled like real ones."""
    random = np.random.default_rng(seed)
    labels = np.arange(pictures) % classes
    centres = random.normal(0, 1, (classes, 12))
    factors = centres[labels] + random.normal(0, noise, (pictures, 12))
    mixed = factors @ random.normal(0, 1, (12, size)) + random.normal(0, 1, (pictures, size))
    scales = random.lognormal(-2, 1, size)
    return np.maximum(mixed * scales, 0).astype(np.float16), labels


def loss_of(standardised: np.ndarray, labels: np.ndarray, kernel: np.ndarray, bias: np.ndarray, strength: float):
    """Mean cross-entropy + ½ · strength · ‖kernel‖², written down once more."""
    logits = standardised @ kernel + bias
    shifted = logits - logits.max(axis=1, keepdims=True)
    likelihoods = shifted[np.arange(len(labels)), labels] - np.log(np.exp(shifted).sum(axis=1))
    return -likelihoods.mean() + 0.5 * strength * np.square(kernel).sum()


@pytest.mark.parametrize("strength", L2_STRENGTHS)
def test_the_loss_is_scikit_learns_with_and_without_the_rotation(strength):
    embeddings, labels = embeddings_of(90, 5, size=400)
    scaling = measure_scaling(embeddings)
    standardised = scaling.apply(embeddings)
    oracle = LogisticRegression(C=1 / (strength * len(labels)), tol=1e-8, max_iter=1000).fit(standardised, labels)
    wanted = loss_of(standardised, labels, oracle.coef_.T, oracle.intercept_, strength)
    axes = PrincipalAxes.of(standardised)
    rotated = loss_of(standardised, labels, *fit_on_axes(axes, labels, 5, strength), strength)
    # From a third of the pictures to all of them: other axes, another start, the same bottom.
    few = PrincipalAxes.of(standardised[:30])
    start = np.zeros((401, 5))
    blocks = fit_in_blocks(embeddings, labels, 5, strength, scaling, few, start)
    direct = loss_of(standardised, labels, *blocks, strength)
    assert abs(rotated - wanted) <= 1e-5
    assert abs(direct - wanted) <= 1e-5


def test_a_head_for_raw_embeddings_says_what_the_fit_on_standardised_ones_says():
    embeddings, labels = embeddings_of(60, 3)
    scaling = measure_scaling(embeddings)
    kernel, bias = fit_on_axes(PrincipalAxes.of(scaling.apply(embeddings)), labels, 3, 0.04)
    logits = scaling.apply(embeddings) @ kernel + bias
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    head = fit_head(XCEPTION, embeddings, labels, 3, strength=0.04).head
    np.testing.assert_allclose(probabilities(head, embeddings), expected, atol=1e-4)


def test_it_learns_what_can_be_learned():
    embeddings, labels = embeddings_of(400, 4, noise=0.5)
    fit = fit_head(XCEPTION, embeddings[:300], labels[:300], 4)
    said = probabilities(fit.head, embeddings[300:])
    assert metrics.accuracy(said, labels[300:]) > 0.95
    assert fit.strength in L2_STRENGTHS


def test_noise_asks_for_more_regularisation_than_clear_differences():
    clear = embeddings_of(150, 3, noise=0.3)
    noisy = embeddings_of(150, 3, noise=8.0)
    all_axes = [(PrincipalAxes.of(measure_scaling(x).apply(x)), y) for x, y in (clear, noisy)]
    chosen = [choose_strength(axes.coordinates, y, 3)[0] for axes, y in all_axes]
    assert chosen[0] < chosen[1]


def test_two_pictures_a_class_are_enough_to_fit():
    embeddings, labels = embeddings_of(4, 2)
    head = fit_head(XCEPTION, embeddings, labels, 2).head
    assert metrics.accuracy(probabilities(head, embeddings), labels) == 1.0


def test_numbers_that_never_change_and_pictures_that_are_alike_do_no_harm():
    embeddings, labels = embeddings_of(40, 2)
    embeddings[:, :100] = 0.25
    embeddings[20:] = embeddings[:20]
    head = fit_head(XCEPTION, embeddings, labels, 2).head
    assert np.isfinite(head.kernel).all()
    assert np.isfinite(head.bias).all()


def test_numbers_that_hardly_vary_in_training_dont_outshout_the_others_later():
    """As of pictures of one afternoon: what was the same in all of them changes a lot on another day."""
    embeddings, labels = embeddings_of(260, 2, noise=0.5)
    training, later = slice(0, 60), slice(60, None)
    random = np.random.default_rng(1)
    still = np.arange(XCEPTION.embedding_size) % 5 < 2  # fewer than half, as the median is what is usual
    embeddings[training, still] = random.normal(0.5, 1e-3, (60, int(still.sum())))
    embeddings[later, still] = random.normal(0.5, 0.3, (200, int(still.sum())))
    head = fit_head(XCEPTION, embeddings[training], labels[training], 2).head
    assert metrics.accuracy(probabilities(head, embeddings[training]), labels[training]) == 1.0
    assert metrics.accuracy(probabilities(head, embeddings[later]), labels[later]) >= 0.95


def test_a_deviation_counts_as_a_tenth_of_the_usual_one_at_least():
    random = np.random.default_rng(0)
    deviations = np.array([0.0, 1e-3, 0.0999, 0.1001, 0.5, 1.0, 1.0, 1.0, 2.0, 30.0, 1.5])  # 1 is the median
    signs = np.where(random.permutation(600) % 2, 1.0, -1.0)
    embeddings = np.multiply.outer(signs, deviations).astype(np.float16)
    scaling = measure_scaling(embeddings)
    np.testing.assert_allclose(scaling.deviation, np.maximum(deviations, 0.1), rtol=1e-3)
    np.testing.assert_allclose(scaling.mean, 0, atol=1e-6)
    np.testing.assert_allclose(scaling.apply(embeddings)[:, 1], signs * 0.01, rtol=1e-2)
    assert (measure_scaling(np.full((4, 3), 7, np.float16)).deviation == 1).all()


@given(
    counts=st.lists(st.integers(1, 300), min_size=2, max_size=6), at_most=st.integers(10, 120), seed=st.integers(0, 9)
)
def test_a_part_of_the_pictures_holds_each_class_in_its_share_and_two_of_it_where_there_are_two(counts, at_most, seed):
    labels = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(counts)), counts))
    chosen = softmax_regression._stratified_sample(labels, at_most)
    taken = np.bincount(labels[chosen], minlength=len(counts))
    assert (np.diff(chosen) > 0).all()
    if len(labels) <= at_most:
        assert len(chosen) == len(labels)
        return
    for count, found in zip(counts, taken, strict=True):
        assert found == min(count, max(2, count * at_most // len(labels)))


def test_a_part_is_taken_from_all_over_a_class():
    chosen = softmax_regression._stratified_sample(np.zeros(100, int), 10)
    assert np.diff(chosen).tolist() == [10] * 9


@pytest.mark.parametrize("counts", [(20, 1), (1, 1), (30, 1, 12)])
def test_with_one_picture_of_a_class_nothing_can_be_compared_and_the_middle_strength_is_taken(counts):
    labels = np.repeat(np.arange(len(counts)), counts)
    embeddings, _ = embeddings_of(len(labels), 2)
    fit = fit_head(XCEPTION, embeddings, labels, len(counts))
    assert fit.strength == L2_STRENGTHS[1] and fit.pictures == len(labels)
    assert fit.head.kernel.shape == (XCEPTION.embedding_size, len(counts))


def test_a_class_without_a_picture_is_improbable_and_does_no_harm():
    embeddings, labels = embeddings_of(60, 2, noise=0.5)
    labels = labels * 2  # 0 and 2 of three
    said = probabilities(fit_head(XCEPTION, embeddings, labels, 3).head, embeddings)
    assert metrics.accuracy(said, labels) == 1.0 and said[:, 1].max() < 0.1


def test_more_pictures_than_the_rotation_takes_give_a_fit_too(monkeypatch):
    embeddings, labels = embeddings_of(120, 3)
    rotated = fit_head(XCEPTION, embeddings, labels, 3, strength=0.16)
    monkeypatch.setattr("xception_gui.inference.softmax_regression.ROTATED_PICTURES", 100)
    monkeypatch.setattr("xception_gui.inference.scaling.BLOCK_OF_PICTURES", 50)
    in_blocks = fit_head(XCEPTION, embeddings, labels, 3, strength=0.16)
    np.testing.assert_allclose(
        probabilities(in_blocks.head, embeddings), probabilities(rotated.head, embeddings), atol=2e-3
    )


def test_a_head_of_block_14_alone_looks_at_the_last_2048_numbers():
    embeddings, _ = embeddings_of(5, 2)
    kernel = np.random.default_rng(0).normal(0, 0.1, (2048, 2)).astype(np.float32)
    head = Head(XCEPTION, (14,), kernel, np.zeros(2, np.float32))
    logits = embeddings[:, -2048:].astype(np.float32) @ kernel
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(probabilities(head, embeddings), expected, atol=1e-5)


def test_the_columns_of_all_blocks_are_all_columns():
    np.testing.assert_array_equal(columns_of(XCEPTION, XCEPTION.embedding_blocks), np.arange(XCEPTION.embedding_size))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.integers(1, 30))
def test_l_bfgs_finds_the_bottom_of_any_quadratic(seed, size):
    random = np.random.default_rng(seed)
    root = random.normal(0, 1, (size, size))
    matrix, target = root @ root.T + np.eye(size), random.normal(0, 3, size)

    def quadratic(x: np.ndarray) -> tuple[float, np.ndarray]:
        difference = matrix @ (x - target)
        return float((x - target) @ difference) / 2, difference

    found = minimize(quadratic, np.zeros(size), gradient_tolerance=1e-9)
    np.testing.assert_allclose(found, target, atol=1e-6)


def test_every_number_of_float16_becomes_the_same_number_of_float32():
    numbers = np.arange(2**16, dtype=np.uint16).view(np.float16).reshape(64, 1024)
    np.testing.assert_array_equal(as_float32(numbers), numbers.astype(np.float32))


def test_mean_and_deviation_are_right_also_far_from_zero():
    embeddings = (np.random.default_rng(0).normal(0, 0.5, (700, 50)) + 200).astype(np.float16)
    scaling = measure_scaling(embeddings)
    np.testing.assert_allclose(scaling.mean, embeddings.astype(np.float64).mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(scaling.deviation, embeddings.astype(np.float64).std(axis=0), rtol=1e-3)


def test_a_fit_that_is_stopped_gives_a_head_that_works(monkeypatch):
    embeddings, labels = embeddings_of(120, 3, noise=0.5)
    monkeypatch.setattr("xception_gui.inference.softmax_regression.ROTATED_PICTURES", 30)
    head = fit_head(XCEPTION, embeddings, labels, 3, strength=0.04, stop=lambda: True).head
    assert metrics.accuracy(probabilities(head, embeddings), labels) > 0.9


def test_l_bfgs_stops_at_a_point_that_is_the_bottom_already():
    start = np.array([1.0, 2.0])
    found = minimize(lambda x: (0.0, np.zeros_like(x)), start)
    np.testing.assert_array_equal(found, start)


# --- The formulas, written down once more -----------------------------------------------------------------------------


def test_strengths_and_tolerances():
    """What every figure of a Quick run rests on."""
    assert L2_STRENGTHS == (0.16, 0.04, 0.01)
    assert (softmax_regression.CURVATURE, softmax_regression.TOLERANCE) == (0.02, 1e-5)
    assert (softmax_regression.ROUGH_TOLERANCE, softmax_regression.FOLDS) == (1e-4, 5)
    assert softmax_regression.CROSS_VALIDATED_PICTURES == 1000 and softmax_regression.ROTATED_PICTURES == 1500


def some_weights(embeddings: np.ndarray, classes: int, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.3, (embeddings.shape[1] + 1, classes))


def test_the_loss_in_blocks_and_its_gradient_are_those_of_standardised_pictures(monkeypatch):
    monkeypatch.setattr("xception_gui.inference.scaling.BLOCK_OF_PICTURES", 7)
    embeddings, labels = embeddings_of(30, 3, size=6)
    scaling = measure_scaling(embeddings)
    weights = some_weights(embeddings, 3)
    standardised = scaling.apply(embeddings).astype(float)
    logits = standardised @ weights[:-1] + weights[-1]
    said = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    error = said - np.eye(3)[labels]
    loss, gradient = softmax_regression._loss_and_gradient(embeddings, labels, weights, scaling)
    assert loss == pytest.approx(-np.log(said[np.arange(30), labels]).sum(), rel=1e-5)
    np.testing.assert_allclose(gradient, np.vstack([standardised.T @ error, error.sum(axis=0)]), atol=1e-4)
    assert softmax_regression._cross_entropies(standardised, labels, weights).sum() == pytest.approx(loss, rel=1e-5)


def test_large_logits_dont_overflow():
    loss, error = softmax_regression._loss_and_error(np.array([[1e4, 0.0], [0.0, -1e4]]), np.array([1, 0]))
    assert loss == 1e4
    assert error.tolist() == [[1, -1], [0, 0]]


def test_a_strength_counts_half_its_squares_and_leaves_the_bias_free():
    weights = np.array([[1.0, 2.0], [3.0, 4.0], [50.0, 60.0]])
    gradient = np.ones((3, 2))
    value, found = softmax_regression._regularised(7.0, gradient, weights, 0.1)
    assert value == pytest.approx(7.0 + 0.05 * (1 + 4 + 9 + 16))
    np.testing.assert_allclose(found, [[1.1, 1.2], [1.3, 1.4], [1.0, 1.0]])


def test_steps_are_stretched_by_the_curvature_along_each_axis():
    coordinates = np.array([[1.0, 0.0, 10.0], [3.0, 0.0, -10.0]])
    wanted = 1 / np.sqrt(0.02 * np.array([5.0, 0.0, 100.0]) + 0.04)
    np.testing.assert_allclose(softmax_regression._stretches(coordinates, 0.04), wanted)


@pytest.fixture
def variables() -> softmax_regression._Variables:
    embeddings, _ = embeddings_of(8, 2, size=20)
    return softmax_regression._Variables.of(PrincipalAxes.of(measure_scaling(embeddings).apply(embeddings)), 0.04)


def test_a_change_of_variables_is_undone_and_stretches_each_direction_by_its_factor(variables):
    weights = np.random.default_rng(0).normal(0, 1, (21, 2))
    np.testing.assert_allclose(variables.weights(variables.from_weights(weights)), weights, atol=1e-5)
    basis = variables.axes.rows.T.astype(float) @ variables.axes.dual_coefficients
    whole = basis @ np.diag(variables.stretches) @ basis.T + variables.elsewhere * (np.eye(20) - basis @ basis.T)
    np.testing.assert_allclose(variables.weights(weights)[:-1], whole @ weights[:-1], atol=1e-4)
    np.testing.assert_allclose(variables.weights(weights)[-1], weights[-1] / np.sqrt(0.02))
    np.testing.assert_array_equal(variables.gradient(weights), variables.weights(weights))
    assert variables.elsewhere == variables.stretches.max()


def test_principal_axes_are_orthonormal_and_span_the_pictures():
    embeddings, _ = embeddings_of(9, 3, size=30)
    embeddings[8] = embeddings[7]
    rows = measure_scaling(embeddings).apply(embeddings)
    axes = PrincipalAxes.of(rows)
    basis = rows.T.astype(float) @ axes.dual_coefficients
    assert basis.shape == (30, 7)  # nine that sum to zero, two of them alike
    np.testing.assert_allclose(basis.T @ basis, np.eye(7), atol=1e-5)
    np.testing.assert_allclose(axes.coordinates @ basis.T, rows, atol=1e-4)
    along = np.random.default_rng(0).normal(0, 1, (7, 2))
    np.testing.assert_allclose(axes.to_features(along), basis @ along, atol=1e-5)
    np.testing.assert_allclose(axes.from_features(axes.to_features(along)), along, atol=1e-4)


def test_folds_deal_out_each_class_in_turn():
    labels = np.array([0, 1, 0, 0, 1, 0, 0, 0, 2, 0])
    assert softmax_regression._rank_in_class(labels).tolist() == [0, 0, 1, 2, 1, 3, 4, 5, 0, 6]
    assert softmax_regression._folds(labels).tolist() == [0, 0, 1, 2, 1, 3, 4, 0, 0, 1]


@pytest.mark.parametrize(
    ("counts", "at_most", "wanted"),
    [
        ([10], 5, [1, 3, 5, 7, 9]),
        ([10], 3, [3, 6, 9]),
        ([10], 10, list(range(10))),
        ([10], 11, list(range(10))),
        ([6, 2, 1], 4, [2, 5, 6, 7, 8]),
    ],
)
def test_of_a_class_those_are_taken_that_end_each_of_so_many_stretches(counts, at_most, wanted):
    labels = np.repeat(np.arange(len(counts)), counts)
    assert softmax_regression._stratified_sample(labels, at_most).tolist() == wanted


def test_two_pictures_of_a_class_are_enough_to_compare_strengths():
    random = np.random.default_rng(0)
    labels = np.array([0] * 30 + [1] * 2)
    noise = random.normal(0, 1, (32, 4))
    asked = {choose_strength(noise, labels, 2)[0], choose_strength(noise + 40 * labels[:, None], labels, 2)[0]}
    assert asked != {L2_STRENGTHS[1]}


def test_the_strength_is_that_of_the_lowest_loss_on_pictures_left_out():
    random = np.random.default_rng(4)
    labels = np.arange(40) % 2
    x = random.normal(0, 1, (40, 6)) + labels[:, None] * 0.8
    losses = []
    for strength in L2_STRENGTHS:
        total = 0.0
        for fold in range(5):
            outside = np.arange(40) // 2 % 5 == fold
            weights = softmax_regression._minimize(x[~outside], labels[~outside], 2, strength)
            total += softmax_regression._cross_entropies(x[outside], labels[outside], weights).sum()
        losses.append(total)
    assert choose_strength(x, labels, 2)[0] == L2_STRENGTHS[int(np.argmin(losses))]
    assert sorted(losses)[1] - min(losses) > 1e-3  # else this says nothing


def test_a_fit_of_as_many_pictures_as_the_rotation_takes_is_done_after_it(monkeypatch):
    embeddings, labels = embeddings_of(40, 2)
    monkeypatch.setattr(softmax_regression, "fit_in_blocks", lambda *_: pytest.fail("it is done already"))
    monkeypatch.setattr(softmax_regression, "ROTATED_PICTURES", 40)
    assert fit_head(XCEPTION, embeddings, labels, 2, strength=0.04).pictures == 40


def test_a_fit_uses_one_thread_of_blas():
    from threadpoolctl import threadpool_info

    seen: list[int] = []

    def stop() -> bool:
        seen.extend(pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas")
        return True

    embeddings, labels = embeddings_of(40, 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(softmax_regression, "ROTATED_PICTURES", 20)
        fit_head(XCEPTION, embeddings, labels, 2, strength=0.04, stop=stop)
    assert set(seen) == {1}


def test_strengths_are_compared_roughly_and_the_fit_itself_is_exact(monkeypatch):
    asked: list[tuple[float, bool]] = []

    def watched(function, start, *, gradient_tolerance, stop=never):
        asked.append((gradient_tolerance, stop is never))
        return minimize(function, start, gradient_tolerance=gradient_tolerance, stop=stop)

    monkeypatch.setattr(softmax_regression, "minimize", watched)
    embeddings, labels = embeddings_of(40, 2)
    fit_head(XCEPTION, embeddings, labels, 2)
    assert asked == [(1e-4, True)] * 15 + [(1e-5, True)]  # three strengths, five folds
    asked.clear()
    monkeypatch.setattr(softmax_regression, "ROTATED_PICTURES", 20)
    fit_head(XCEPTION, embeddings, labels, 2, strength=0.04, stop=lambda: False)
    assert asked == [(1e-5, True), (1e-4, False)]


def test_a_class_of_which_there_is_no_picture_at_all_leaves_nothing_to_compare():
    labels = np.arange(20) % 2
    noise = np.random.default_rng(0).normal(0, 1, (20, 4))
    assert choose_strength(noise, labels, 3) == (L2_STRENGTHS[1], None)
    assert choose_strength(noise, labels, 2)[0] != L2_STRENGTHS[1]


def test_scaling_is_measured_in_blocks_as_in_one(monkeypatch):
    embeddings = (np.random.default_rng(0).normal(0, 0.5, (50, 8)) * np.arange(1, 9) + 30).astype(np.float16)
    whole = measure_scaling(embeddings)
    for block in (1, 7, 25, 49):
        monkeypatch.setattr("xception_gui.inference.scaling.BLOCK_OF_PICTURES", block)
        assert [rows.indices(50)[:2] for rows in row_slices(50)][-1][1] == 50
        parts = measure_scaling(embeddings)
        np.testing.assert_allclose(parts.mean, whole.mean, rtol=1e-6)
        np.testing.assert_allclose(parts.deviation, whole.deviation, rtol=1e-3)
    assert list(row_slices(0)) == []


def test_numbers_of_other_types_become_float32_too():
    for dtype in (np.float32, np.float64):
        found = as_float32(np.array([[1.5, -2.25]], dtype))
        assert found.dtype == np.float32 and found.tolist() == [[1.5, -2.25]]


def test_a_head_is_asked_block_by_block_and_says_when_its_numbers_overflow(monkeypatch):
    embeddings, _ = embeddings_of(20, 2)
    random = np.random.default_rng(1)
    for chosen in (XCEPTION.embedding_blocks, (14, 4)):
        size = XCEPTION.size_of(chosen)
        head = Head(
            XCEPTION, chosen, random.normal(0, 0.1, (size, 3)).astype(np.float32), np.array([0.5, -1, 0], np.float32)
        )
        whole = probabilities(head, embeddings)
        assert whole.dtype == np.float32 and whole.shape == (20, 3)
        columns = np.concatenate([np.arange(XCEPTION.embedding_size)[_columns_of_block(block)] for block in chosen])
        np.testing.assert_allclose(
            whole, softmax(embeddings[:, columns].astype(np.float32) @ head.kernel + head.bias), atol=1e-5
        )
        with monkeypatch.context() as patch:
            patch.setattr("xception_gui.inference.scaling.BLOCK_OF_PICTURES", 6)
            np.testing.assert_allclose(probabilities(head, embeddings), whole, atol=1e-5)
        with pytest.raises(FloatingPointError, match="not finite"):
            probabilities(Head(XCEPTION, chosen, head.kernel * np.float32(1e38), head.bias), embeddings)


def _columns_of_block(block: int) -> slice:
    channels = dict(XCEPTION.embedding_channels)
    begin = sum(channels[other] for other in channels if other < block)
    return slice(begin, begin + channels[block])


def test_softmax_is_a_share_of_exponentials_however_large_they_are():
    said = softmax(np.array([[0.0, np.log(3.0)], [1e4, 0.0], [-1e4, -1e4]]))
    assert said.dtype == np.float32
    np.testing.assert_allclose(said, [[0.25, 0.75], [1, 0], [0.5, 0.5]], rtol=1e-6)
