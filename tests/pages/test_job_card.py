"""Card of a background job: progress, stop button, result, and the problem of one without."""

import pytest
from streamlit.testing.v1 import AppTest


def page() -> None:
    """Draw a job that waits to be let go, begun by a button."""
    # AppTest runs the source of this function alone
    from threading import Event  # noqa: PLC0415

    import streamlit as st  # noqa: PLC0415

    from geozones.common.errors import InputError  # noqa: PLC0415
    from geozones.jobs import Job  # noqa: PLC0415
    from geozones.ui import state  # noqa: PLC0415
    from geozones.ui.state.carte_views import CentresView  # noqa: PLC0415
    from geozones.ui.widgets.job_card import (  # noqa: PLC0415
        StopButton,
        begin_job,
        drop_job,
        job_card,
    )
    from geozones.ui.widgets.scenario_bar import notice_box  # noqa: PLC0415

    let_go = st.session_state.setdefault("let_go", Event())

    def made(listen: object, asked: str) -> str:
        let_go.wait(20)
        listen()
        if asked == "nothing":
            msg = "Aucun plan."
            raise InputError(msg)
        return f"trouvé : {asked}"

    def make(asked: str) -> Job[str, None, str]:
        if asked == "refused":
            msg = "Deux demandes se contredisent."
            raise InputError(msg)
        return Job(None, made, asked, None)

    notice_box()
    for asked in ("nothing", "plan", "refused"):
        st.button(asked, on_click=begin_job, args=(CentresView, lambda asked=asked: make(asked)))
    job = state.of(CentresView).job
    if job is not None:
        stop = StopButton("Arrêter", "arreter", lambda: drop_job(CentresView))

        def result(made: str) -> str | None:
            st.write(made)
            return None if st.session_state.get("is_silent") else f"Résultat, {made}."

        job_card(job, "Recherche", result, stop)


def click(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()


def ended(app: AppTest) -> None:
    app.session_state["let_go"].set()
    app.session_state["geozones.CentresView"].job.wait(20)
    app.run()
    assert not app.exception


def shown(app: AppTest) -> str:
    return " ".join(str(element.value) for element in (*app.markdown, *app.get("html")) if element)


def announced(app: AppTest) -> str:
    text: str = app.session_state["geozones.Attention"].announced
    return text


@pytest.mark.parametrize(
    ("is_silent", "said"), [(False, "Résultat, trouvé : plan."), (True, "Terminé : recherche.")]
)
def test_a_running_job_can_be_stopped_and_an_ended_one_says_its_result_once(
    is_silent: bool,  # noqa: FBT001
    said: str,
) -> None:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["is_silent"] = is_silent
    app.run()
    click(app, "plan")
    assert "Arrêter" in [button.label for button in app.button]
    assert app.get("progress")[0].proto.text.startswith("Recherche… 0")
    assert announced(app) == "En cours : recherche."
    ended(app)
    assert announced(app) == said
    rank = app.session_state["geozones.Attention"].announced_rank
    app.run()
    assert app.session_state["geozones.Attention"].announced_rank == rank
    assert "trouvé : plan" in shown(app)
    assert "Arrêter" not in [button.label for button in app.button]


def test_a_stopped_job_is_forgotten() -> None:
    app = AppTest.from_function(page, default_timeout=60).run()
    click(app, "plan")
    job = app.session_state["geozones.CentresView"].job
    click(app, "Arrêter")
    assert app.session_state["geozones.CentresView"].job is None
    app.session_state["let_go"].set()
    job.wait(20)
    assert job.outcome is None


def test_a_job_without_a_result_says_why() -> None:
    app = AppTest.from_function(page, default_timeout=60).run()
    click(app, "nothing")
    ended(app)
    assert "Aucun plan." in shown(app)
    assert announced(app) == "En cours : recherche."  # the problem is an alert, read as it appears


def test_a_request_that_is_refused_leaves_the_job_before_at_work() -> None:
    app = AppTest.from_function(page, default_timeout=60).run()
    click(app, "plan")
    click(app, "refused")
    assert "Deux demandes se contredisent." in shown(app)
    ended(app)
    assert "trouvé : plan" in shown(app)
