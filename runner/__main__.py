"""The command run.py as python -m runner."""

from runner.run import main

if __name__ == "__main__":
    main()
