"""A small real training to look at: which of four ways round is this landscape?"""
