@echo off
rem The Windows twin of `run`: sets up what is missing, then does what you ask.
rem   run             the window; a folder after it opens there
rem   run demo        or any other command of the program: check, train, predict, evaluate, export, doctor
rem   run test        the tests; words after it go to pytest
rem Needs Python 3.11, 3.12 or 3.13 and a package registry the first time. Nobody has tried it yet.
setlocal enableextensions
set "HERE=%~dp0"
set "VENV=%HERE%.venv"
if not defined PYTHON set "PYTHON=py -3"
if not exist "%VENV%\set-up" (
    %PYTHON% -I -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))" || (
        echo Python 3.11, 3.12 or 3.13 was not found. Install one, or name it: set PYTHON=C:\path\to\python.exe 1>&2
        exit /b 1
    )
    echo Setting up in %VENV%: some minutes, once ... 1>&2
    %PYTHON% -I -m venv --clear "%VENV%" || exit /b 1
    "%VENV%\Scripts\python.exe" -I -m pip --quiet --disable-pip-version-check install --require-hashes -r "%HERE%requirements.lock" || exit /b 1
    "%VENV%\Scripts\python.exe" -I -m pip --quiet --disable-pip-version-check install --no-deps --no-build-isolation -e "%HERE%." || exit /b 1
    echo done> "%VENV%\set-up"
)
if "%~1"=="test" (
    cd /d "%HERE%"
    "%VENV%\Scripts\python.exe" -m pytest %2 %3 %4 %5 %6 %7 %8 %9
    exit /b
)
set "XCEPTION_GUI_COMMAND=run"
"%VENV%\Scripts\python.exe" -I -X utf8 -m xception_gui %*
