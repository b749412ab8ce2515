"""``python -m tb_share.logdir.index``: see ``process``."""

from tb_share.logdir.index.process import main

if __name__ == "__main__":
    main()
