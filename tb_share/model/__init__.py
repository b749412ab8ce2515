"""What we talk about: frozen values without I/O.

Glossary. *caller*: who is asking (Member, LinkVisitor, Stranger). *workspace*: a team. *project*: one access boundary, one logdir or
upstream. *experiment*: what a person trained once. *run*: TensorBoard's word, a directory with event files. *link*: a share link.
*scope*: what a credential may see. *action*, *verdict*: see ``policy``. *upstream*: somebody's own TensorBoard. *host*: a TensorBoard
that we run.
"""
