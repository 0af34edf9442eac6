{{ mesures_longues('insee.caf_zus_ancien', partout=true) }}
