"""The version of the package, which is that of the program."""

NAME, VERSION = "mprofpp", "0.1.0"
