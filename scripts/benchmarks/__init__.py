"""The benchmarks that scripts/bench runs, one file for each subject."""
