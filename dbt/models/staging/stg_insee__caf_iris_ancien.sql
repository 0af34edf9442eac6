{{ mesures_longues('insee.caf_iris_ancien', partout=true) }}
