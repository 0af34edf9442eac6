{{ mesures_longues('insee.revenus_iris_ancien', partout=true) }}
