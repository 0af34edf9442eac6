{{ mesures_longues('insee.filosofi_iris') }}
