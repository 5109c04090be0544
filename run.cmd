@echo off
rem `run` for Windows. Starts the program from source. The first start installs what is missing.
rem   run [FOLDER]    open the window, with a folder of pictures
rem   run COMMAND     a command of the program: demo, check, train, predict, evaluate, export, doctor
rem   run test        run the tests; further arguments go to pytest
rem Needs Python 3.11, 3.12 or 3.13, and a package registry for the first start. Not tested on Windows yet.
setlocal enableextensions
set "HERE=%~dp0"
set "VENV=%HERE%.venv"
if not defined PYTHON set "PYTHON=py -3"
if not exist "%VENV%\set-up" (
    %PYTHON% -I -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))" || (
        echo Python 3.11, 3.12 or 3.13 was not found. Install it, or say where it is: set PYTHON=C:\path\to\python.exe 1>&2
        exit /b 1
    )
    echo Setting up in %VENV%. This takes a few minutes, the first time only... 1>&2
    %PYTHON% -I -m venv --clear "%VENV%" || exit /b 1
    "%VENV%\Scripts\python.exe" -I -m pip --quiet --disable-pip-version-check install --require-hashes -r "%HERE%requirements.lock" || exit /b 1
    rem Faster predictions on many processors; what it depends on beside numpy is its telemetry, which must not come.
    "%VENV%\Scripts\python.exe" -I -m pip --quiet --disable-pip-version-check install --no-deps --only-binary :all: --require-hashes -r "%HERE%openvino.lock" || echo OpenVINO can't be installed here; LiteRT does all the work. 1>&2
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
