"""`python -m generator` is the command `fieldguide`."""

from generator.start import main

if __name__ == "__main__":
    main()
