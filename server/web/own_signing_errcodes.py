"""The numbers of what can go wrong with a signing of one's own files: 185."""

OWN_SIGNINGS: dict[str, int] = {
    "signing_not_found": 185001,
    "no_usable_seal": 185002,
    "too_many_files": 185003,
    "nothing_to_sign": 185004,
    "signing_over": 185005,
    "file_being_sealed": 185006,
}
